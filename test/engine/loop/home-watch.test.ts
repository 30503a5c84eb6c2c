import type {Socket} from 'node:net'
import {beforeEach, describe, expect, onTestFinished, test} from 'vitest'
import {HomeWatch} from '../../../src/engine/loop/home-watch.js'
import type {Address} from '../../../src/protocol/address.js'
import {ScriptedServer} from '../../helpers/scripted-server.js'
import {settle, VirtualTime} from '../../helpers/virtual-time.js'

let time: VirtualTime
let server: ScriptedServer
/** When it was asked, on the virtual clock. */
let askedMs: number[]
let answeredMs: number[]
let connects: number
let onAsked: (socket: Socket) => void
const answer = (socket: Socket): void => void socket.write('VERSION 1.6.38\r\n')

beforeEach(async () => {
  askedMs = []
  answeredMs = []
  connects = 0
  onAsked = answer
  server = await ScriptedServer.listen((_, socket) => {
    askedMs.push(time.nowMs)
    onAsked(socket)
  })
  onTestFinished(() => server.close())
  time = new VirtualTime()
})

async function pass(ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 50) {
    time.advance(50)
    await settle(() => true)
  }
}

interface Setup {
  readonly asking?: {readonly firstMs: number; readonly maxMs: number; readonly factor: number}
  readonly steadyMs?: number
  readonly homes?: () => readonly Address[]
}

const twiceASecond = {firstMs: 500, maxMs: 500, factor: 1}

function watch({asking = twiceASecond, steadyMs = 0, homes = () => [server.address]}: Setup = {}): HomeWatch {
  const homeWatch = new HomeWatch({
    steadyMs,
    asking,
    clock: time.clock,
    onConnect: () => connects++,
    onAnswer: () => answeredMs.push(time.nowMs),
  })
  homeWatch.start(homes)
  onTestFinished(() => homeWatch.stop())
  return homeWatch
}

describe('a home is asked', () => {
  test('twice a second', async () => {
    watch()
    await pass(2000)
    expect(askedMs).toEqual([500, 1000, 1500, 2000])
    expect(connects).toBe(4)
  })

  test('after so long for the first time, then at growing intervals up to the longest', async () => {
    watch({asking: {firstMs: 2000, maxMs: 6000, factor: 2}})
    await pass(20_000)
    // It was given up within the 500 ms before the first look.
    expect(askedMs).toEqual([2000, 6000, 12_000, 18_000])
  })

  test('anew when it was given up anew', async () => {
    let wanted = true
    watch({asking: {firstMs: 1000, maxMs: 60_000, factor: 10}, homes: () => (wanted ? [server.address] : [])})
    await pass(1000)
    expect(askedMs).toEqual([1000])
    wanted = false
    await pass(500)
    wanted = true
    await pass(1000)
    expect(askedMs).toEqual([1000, 2500])
  })

  test('as often as before while another one is given up', async () => {
    const other = await ScriptedServer.listen()
    onTestFinished(() => other.close())
    const asking = {firstMs: 500, maxMs: 4000, factor: 2}
    watch({asking, homes: () => [server.address, ...(time.nowMs > 1000 ? [other.address] : [])]})
    await pass(8000)
    expect(askedMs).toEqual([500, 1500, 3500, 7500])
  })

  test('not again while it still has time to answer', async () => {
    onAsked = () => {}
    watch()
    await pass(5000)
    expect(askedMs).toEqual([500])
  })

  test('on a connection that is closed with its answer', async () => {
    let isClosed = false
    onAsked = socket => {
      socket.once('close', () => {
        isClosed = true
      })
      answer(socket)
    }
    watch()
    await pass(500)
    expect(isClosed).toBe(true)
  })

  test('no more after the end, and what was asked is given up', async () => {
    let isClosed = false
    onAsked = socket =>
      socket.once('close', () => {
        isClosed = true
      })
    const homeWatch = watch()
    await pass(500)
    homeWatch.stop()
    await pass(2000)
    expect(askedMs).toEqual([500])
    expect([isClosed, answeredMs]).toEqual([true, []])
  })
})

describe('a home has answered', () => {
  test('when it says its version, and nothing else', async () => {
    onAsked = socket => socket.write('ERROR\r\n')
    watch()
    await pass(2000)
    expect(answeredMs).toEqual([])
    onAsked = answer
    await pass(500)
    expect(answeredMs).toEqual([2500])
  })

  test('for as long as the clients want, without a break', async () => {
    watch({steadyMs: 1000})
    await pass(1400)
    onAsked = socket => socket.end()
    await pass(100)
    // The third answer would have come then.
    onAsked = answer
    await pass(1900)
    expect(answeredMs).toEqual([3000])
  })

  test('anew for all of that time, once it was told', async () => {
    watch({steadyMs: 1000})
    await pass(3000)
    expect(answeredMs).toEqual([1500, 3000])
  })

  test('anew when nobody had to ask it for a while', async () => {
    let wanted = true
    watch({steadyMs: 1000, homes: () => (wanted ? [server.address] : [])})
    await pass(1000)
    wanted = false
    await pass(500)
    wanted = true
    await pass(500)
    expect(answeredMs).toEqual([])
    await pass(1000)
    expect(answeredMs).toEqual([3000])
  })

  test('not when its answer comes after the end', async () => {
    const homeWatch = watch()
    onAsked = socket => {
      homeWatch.stop()
      answer(socket)
    }
    await pass(1000)
    expect(answeredMs).toEqual([])
  })
})
