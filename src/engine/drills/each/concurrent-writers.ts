import {ItemConnection} from '../../check/items/item-connection.js'
import {formatKey} from '../../data/key-text.js'
import {type Drill, recoveredPair} from '../contract/drill.js'

const KEYS = {prefix: 'both:', count: 500, absence: 'lost'} as const
/** Pairs of writes under way: one alone may be over before its twin begins. */
const AT_ONCE = 20
/** Delay of a link that can be slowed: the two writes of every key cross, and not only those of some. */
const CROSSING_MS = 20

export const concurrentWriters: Drill = {
  name: 'concurrent-writers',
  summary: 'write the same keys to both nodes at the same moment: each node may keep the other’s value',
  wants: ['link'],
  async fault({cluster, journal, signal}) {
    const {link} = cluster
    const slowly = link === null ? '' : `, with a link delay of ${CROSSING_MS} ms`
    journal.say(`write ${KEYS.count} keys to both nodes, each at the same moment${slowly}`)
    link?.slow({delayMs: CROSSING_MS, bytesPerSecond: Number.POSITIVE_INFINITY})
    const writers = [cluster.master, cluster.slave].map(node => ({
      name: node.name,
      connection: new ItemConnection(node.address, {signal}),
    }))
    try {
      for (let first = 1; first <= KEYS.count; first += AT_ONCE) {
        const keys = Array.from({length: AT_ONCE}, (_, index) => formatKey(KEYS.prefix, first + index))
        await Promise.all(
          keys.flatMap(key =>
            writers.map(({name, connection}) => connection.lines(`set ${key} 0 0 ${name.length}\r\n${name}`, () => {})),
          ),
        )
      }
      journal.wrote(KEYS)
    } finally {
      for (const {connection} of writers) connection.close()
      link?.restore()
    }
  },
  async recover() {},
  assertions: ['lost==0', ...recoveredPair],
  advice: 'Restart the node that the clients do not write to: it gets a full sync of the other.',
  prevention: 'Let clients write to one node only: there is no order between writes of both.',
}
