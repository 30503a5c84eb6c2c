import {ItemConnection} from '../checks/item-connection.js'
import {formatKey} from '../key-text.js'
import type {Drill} from './drill.js'

const KEYS = {prefix: 'both:', count: 500, absence: 'lost'} as const

export const concurrentWriters: Drill = {
  name: 'concurrent-writers',
  summary: 'write the same keys on both nodes at the same moment: each may keep what the other wrote',
  async fault({cluster, say, signal, wrote}) {
    say(`write ${KEYS.count} keys on both nodes, each at the same moment`)
    const writers = [cluster.master, cluster.slave].map(node => ({
      name: node.name,
      connection: new ItemConnection(node.address, {signal}),
    }))
    try {
      for (let number = 1; number <= KEYS.count; number++) {
        const key = formatKey(KEYS.prefix, number)
        await Promise.all(
          writers.map(({name, connection}) => connection.lines(`set ${key} 0 0 ${name.length}\r\n${name}`, () => {})),
        )
      }
      wrote(KEYS)
    } finally {
      for (const {connection} of writers) connection.close()
    }
  },
  async recover() {},
  budgets: ['lost==0', 'paired', 'diverged==0', 'corrupt==0', 'phantom==0', 'resurrected==0'],
  advice: 'Let clients write to one node only: repcached has no order between writes of both.',
}
