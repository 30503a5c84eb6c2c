import {expect, it, onTestFinished} from 'vitest'
import {OwnTraffic} from '../../../src/ask/own-traffic.js'
import {NodeSampler} from '../../../src/server/observe/node-sampler.js'
import {ScriptedServer} from '../../helpers/scripted-server.js'

/** A memcached that answers `stats` with what it was told, and the sampler that asks it. */
async function sampling(options: {onStats?: (traffic: OwnTraffic) => void; figures?: () => string} = {}) {
  const traffic = new OwnTraffic()
  let asked = 0
  const server = await ScriptedServer.listen((text, socket) => {
    if (text !== 'stats\r\n') {
      socket.write(text.startsWith('stats settings') ? 'END\r\n' : 'ERROR\r\n')
      return
    }
    asked++
    options.onStats?.(traffic)
    socket.write(options.figures?.() ?? 'STAT pid 1\r\nSTAT cmd_get 10\r\nEND\r\n')
  })
  const node = {name: 'n1', address: server.address, traffic}
  const sampler = new NodeSampler({node, slabs: false, windowMs: 0, patienceMs: 1000})
  onTestFinished(async () => {
    sampler.drop()
    await server.close()
  })
  return {sampler, traffic, asked: () => asked}
}

const get = {command: 'get', keys: 1} as const

it('asks a quiet node once', async () => {
  const {sampler, asked} = await sampling()
  expect(await sampler.sample()).toMatchObject({node: 'n1', figures: {counters: {gets: 10}}})
  expect(asked()).toBe(1)
})

it('waits until what else it is asked by us has been answered', async () => {
  const {sampler, traffic, asked} = await sampling({
    onStats: own => expect(own.counts().underWay).toBe(1),
  })
  traffic.asked(10)
  const sample = sampler.sample()
  setTimeout(() => traffic.answered(get, 1), 5)
  expect((await sample).figures.counters.gets).toBe(9)
  expect(asked()).toBe(1)
})

it('asks again when something of ours went on meanwhile, whose effect may be in the figures or not', async () => {
  let others = 1
  const {sampler, asked} = await sampling({
    onStats: traffic => {
      if (others-- <= 0) return
      traffic.asked(10)
      traffic.answered(get, 0)
    },
  })
  expect((await sampler.sample()).figures.counters.gets).toBe(9)
  expect(asked()).toBe(2)
})

it('takes what it gets where it never ends', async () => {
  const {sampler, asked} = await sampling({onStats: traffic => traffic.asked(10)})
  expect((await sampler.sample()).kind).toBe('answered')
  expect(asked()).toBe(2)
})

it('leaves the bytes of its own questions and answers out of a node’s rates', async () => {
  let [read, written] = [1000, 5000]
  const {sampler} = await sampling({
    figures: () => {
      read += 'stats\r\n'.length
      const reply = `STAT pid 1\r\nSTAT bytes_read ${read}\r\nSTAT bytes_written ${written}\r\nEND\r\n`
      written += reply.length
      return reply
    },
  })
  await sampler.sample()
  const {rates} = await sampler.sample()
  expect(rates).toMatchObject({bytesRead: 0, bytesWritten: 0})
})
