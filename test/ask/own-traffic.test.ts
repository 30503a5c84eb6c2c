import {expect, it, onTestFinished} from 'vitest'
import {AskConnection} from '../../src/ask/ask-connection.js'
import {countedRequest, OwnTraffic, OwnTrafficByAddress} from '../../src/ask/own-traffic.js'
import {converse} from '../helpers/converse.js'
import {startMemcached} from '../helpers/memcached.js'

it('counts what a node counts, byte for byte', async () => {
  const {address} = await startMemcached()
  const traffic = new OwnTraffic()
  const connection = new AskConnection({address, traffic: [traffic]})
  onTestFinished(() => connection.close())
  for (const request of ['set a 0 0 3\r\nabc\r\n', 'get a b\r\n', 'gets a\r\n', 'delete a\r\n', 'version\r\n']) {
    await connection.ask(request)
  }
  const others = 'stats\r\n'
  const stats = await converse(address, others)
  const figure = (name: string) => Number(new RegExp(`STAT ${name} (\\d+)`).exec(stats)?.[1])
  const {gets, hits, misses, sets, deletes, bytesRead, bytesWritten, underWay} = traffic.counts()
  expect({gets, hits, misses, sets}).toEqual({
    gets: figure('cmd_get'),
    hits: figure('get_hits'),
    misses: figure('get_misses'),
    sets: figure('cmd_set'),
  })
  expect({gets, hits, deletes, underWay}).toEqual({gets: 3, hits: 2, deletes: 1, underWay: 0})
  expect(figure('bytes_read') - others.length).toBe(bytesRead)
  expect(figure('bytes_written')).toBe(bytesWritten)
})

it('reads what a request is counted as', () => {
  expect(countedRequest('get a b c\r\n')).toEqual({command: 'get', keys: 3})
  expect(countedRequest(Buffer.from('set a 0 0 1\r\nx\r\n'))).toEqual({command: 'set', keys: 1})
  expect(countedRequest('delete a\r\n')).toEqual({command: 'delete', keys: 1})
  expect(countedRequest('stats settings\r\n')).toEqual({command: 'other', keys: 0})
})

it('is one count for all threads, of which one may die with what it had open', () => {
  const all = new OwnTrafficByAddress()
  const here = all.at({host: '127.0.0.1', port: 1})
  const there = new OwnTraffic({memory: here.memory, thread: 'probes'})
  for (const traffic of [here, there]) {
    traffic.connected()
    traffic.asked(10)
  }
  expect([here.connections, here.counts().underWay, here.counts().bytesRead]).toEqual([2, 2, 20])
  all.forget('probes')
  expect([here.connections, here.counts().underWay, here.counts().bytesRead]).toEqual([1, 1, 20])
  here.notAnswered()
  here.disconnected()
  expect([there.connections, there.counts().underWay]).toEqual([0, 0])
})
