import {expect, it} from 'vitest'
import {attachTopology} from '../../../src/server/topology/attached-node.js'
import {startMemcached} from '../../helpers/memcached.js'
import {answeredSample, silentSample} from '../../helpers/node-samples.js'

it('observes a running server, and never stops it', async () => {
  const {address, process} = await startMemcached()
  const {nodes, pair, close} = attachTopology([address])
  const [node] = nodes
  expect(pair).toBeNull()
  expect(node).toMatchObject({name: `127.0.0.1:${address.port}`, backend: null, supervised: false, logFile: null})
  expect((await node!.stats()).get('pid')).toBe(String(process.pid))
  for (const act of [() => node!.kill(), () => node!.stop(), () => node!.start()]) {
    await expect(act()).rejects.toMatchObject({code: 'ERR_NODE_STATE'})
  }
  expect(() => node!.pause()).toThrow(/^cannot freeze 127.0.0.1:\d+: repbench did not start it$/)
  expect(() => node!.resume()).toThrow(/^cannot thaw .*: repbench did not start it$/)
  await close()
  expect((await node!.stats()).size).toBeGreaterThan(0)
})

it('tells when a server stops answering, and when it is back', () => {
  const [node] = attachTopology([{host: '127.0.0.1', port: 1}]).nodes
  const events: string[] = []
  node!.onEvent(({kind, text}) => events.push(`${kind}: ${text}`))
  node!.observed(answeredSample(node!.name))
  for (let i = 0; i < 2; i++) node!.observed(silentSample(node!.name))
  expect(node!.status().state).toBe('dead')
  expect(events).toEqual(['unreachable: does not answer: no answer within 900 ms'])
  node!.observed(answeredSample(node!.name))
  expect(node!.status().state).toBe('up')
  expect(events.slice(1)).toEqual(['reachable: answers again'])
})

it('takes two servers for a pair, the master first', () => {
  const [first, second] = [1, 2].map(port => ({host: '127.0.0.1', port}))
  const {pair} = attachTopology([first!, second!])
  expect([pair?.master.address, pair?.slave.address]).toEqual([first, second])
})
