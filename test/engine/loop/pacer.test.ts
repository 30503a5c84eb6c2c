import {beforeEach, describe, expect, test} from 'vitest'
import {ClosedLoopPacer, OpenLoopPacer} from '../../../src/engine/loop/pacer.js'
import type {Sender} from '../../../src/engine/loop/sender.js'
import {CallSchedule, scheduleOfShare} from '../../../src/engine/workload/call-schedule.js'
import type {Pace} from '../../../src/engine/workload/pace.js'
import {FakeConnection} from '../helpers/fake-connection.js'

let nowMs = 0
/** What each look at the clock takes. */
let tickMs = 0
let log: string[] = []

beforeEach(() => {
  nowMs = 0
  tickMs = 0
  log = []
})

const clock = (): number => {
  const ms = nowMs
  nowMs += tickMs
  return ms
}

/** Writes down what is sent; its scratch has room for so many calls. */
function fakeSender(room = 100, flushed: (connection: FakeConnection) => boolean = () => true): Sender {
  let rendered = 0
  return {
    get hasRoom() {
      return rendered < room
    },
    render(connection: FakeConnection, intendedMs: number, sentMs: number) {
      log.push(`${connection.slot}: ${intendedMs} at ${sentMs}`)
      connection.schedule.advance()
      connection.pending.push({intendedMs, sentMs, method: 0, key: 0, size: 0})
      rendered++
    },
    write(connection: FakeConnection) {
      log.push(`write ${connection.slot}`)
      rendered = 0
      return flushed(connection)
    },
  } as unknown as Sender
}

/** Calls that are due at these times. */
function dueAt(...dues: number[]): CallSchedule {
  return new CallSchedule({
    openAtMs: 0,
    pace: {dueMs: (call: number) => dues[call]!} as unknown as Pace,
    countOf: call => call,
    callsOf: () => dues.length,
    endMs: Number.POSITIVE_INFINITY,
  })
}

function connectionsWith(...schedules: CallSchedule[]): FakeConnection[] {
  return schedules.map((schedule, slot) => {
    const connection = new FakeConnection({slot, schedule})
    connection.state = 'open'
    return connection
  })
}

describe('an open loop', () => {
  function pacerOf(connections: readonly FakeConnection[], sender = fakeSender()): OpenLoopPacer {
    const pacer = new OpenLoopPacer({connections: connections.map(({real}) => real), sender, clock})
    for (const {real} of connections) pacer.admit(real)
    return pacer
  }

  test('sends each call when it is due, and says when the next is', () => {
    const pacer = pacerOf(connectionsWith(dueAt(10, 30), dueAt(20)))
    expect(pacer.turn(9)).toBe(10)
    expect(log).toEqual([])
    nowMs = 10
    expect(pacer.turn(10)).toBe(20)
    nowMs = 20
    expect(pacer.turn(20)).toBe(30)
    nowMs = 31
    expect(pacer.turn(31)).toBe(Number.POSITIVE_INFINITY)
    expect(log).toEqual(['0: 10 at 10', 'write 0', '1: 20 at 20', 'write 1', '0: 30 at 31', 'write 0'])
  })

  test('counts dues from the connection’s own start', () => {
    const [connection] = connectionsWith(dueAt(10))
    connection!.anchorMs = 1000
    const pacer = pacerOf([connection!])
    expect(pacer.turn(1009)).toBe(1010)
    pacer.turn(1010)
    expect(log).toEqual(['0: 1010 at 1010', 'write 0'])
  })

  test('sends calls of one connection that are late in one write, as many as fit', () => {
    const pacer = pacerOf(connectionsWith(dueAt(1, 2, 3, 50)), fakeSender(2))
    nowMs = 10
    expect(pacer.turn(10)).toBe(50)
    expect(log).toEqual(['0: 1 at 10', '0: 2 at 10', 'write 0', '0: 3 at 10', 'write 0'])
  })

  test('lets replies be read after half a millisecond of sending', () => {
    const pacer = pacerOf(connectionsWith(dueAt(1), dueAt(1), dueAt(1)))
    nowMs = 10.25
    tickMs = 0.25
    expect(pacer.turn(10)).toBe(1)
    expect(log.filter(line => line.startsWith('write'))).toHaveLength(2)
  })

  test('leaves out a connection that is not open any more', () => {
    const [gone, open] = connectionsWith(dueAt(1, 2), dueAt(3))
    const pacer = pacerOf([gone!, open!])
    gone!.state = 'closed'
    nowMs = 10
    expect(pacer.turn(10)).toBe(Number.POSITIVE_INFINITY)
    expect(log).toEqual(['1: 3 at 10', 'write 1'])
    expect(gone!.queued).toBe(false)
  })

  test('waits for a socket that is full: what was due meanwhile is sent when it takes bytes again', () => {
    const [connection] = connectionsWith(dueAt(1, 2, 3))
    let isFull = true
    const pacer = pacerOf(
      [connection!],
      fakeSender(1, () => !isFull),
    )
    nowMs = 1
    expect(pacer.turn(1)).toBe(Number.POSITIVE_INFINITY)
    nowMs = 10
    expect(pacer.turn(10)).toBe(Number.POSITIVE_INFINITY)
    isFull = false
    pacer.flushed(connection!.real)
    pacer.flushed(connection!.real)
    expect(pacer.turn(10)).toBe(Number.POSITIVE_INFINITY)
    expect(log).toEqual(['0: 1 at 1', 'write 0', '0: 2 at 10', 'write 0', '0: 3 at 10', 'write 0'])
  })

  test('does not queue a connection without calls', () => {
    const [connection] = connectionsWith(dueAt())
    const pacer = pacerOf([connection!])
    expect(connection!.queued).toBe(false)
    expect(pacer.turn(10)).toBe(Number.POSITIVE_INFINITY)
  })

  test('a reply makes nothing due', () => {
    const pacer = pacerOf(connectionsWith(dueAt(10)))
    pacer.replied()
    expect(pacer.turn(1)).toBe(10)
  })

  test('goes by the new schedules when they have changed: of those that may send', () => {
    const connections = connectionsWith(dueAt(10), dueAt(20), dueAt(5), dueAt(30), dueAt(40))
    const [first, second, full, waiting, done] = connections as [
      FakeConnection,
      FakeConnection,
      FakeConnection,
      FakeConnection,
      FakeConnection,
    ]
    const pacer = pacerOf(
      connections.slice(0, 3),
      fakeSender(1, ({slot}) => slot !== 2),
    )
    pacer.turn(5)
    expect(log).toEqual(['2: 5 at 5', 'write 2'])
    full.backedUp = true
    first.schedule = dueAt(100)
    second.schedule = dueAt(60)
    full.schedule = dueAt(50)
    const all = new OpenLoopPacer({connections: connections.map(({real}) => real), sender: fakeSender(), clock})
    for (const connection of connections) connection.queued = false
    for (const {real} of [first, second]) all.admit(real)
    waiting.state = 'connecting'
    done.schedule = dueAt()
    first.schedule = dueAt(80)
    all.rescheduled()
    log = []
    nowMs = 200
    expect(all.turn(200)).toBe(Number.POSITIVE_INFINITY)
    expect(log).toEqual(['1: 60 at 200', 'write 1', '0: 80 at 200', 'write 0'])
  })

  test('takes a connection in that had no call before, when its schedule has changed', () => {
    const [connection] = connectionsWith(dueAt())
    const pacer = pacerOf([connection!])
    connection!.schedule = dueAt(7)
    pacer.rescheduled()
    expect(pacer.turn(1)).toBe(7)
  })

  test('keeps one in the queue whose connection opens again just then', () => {
    const [connection] = connectionsWith(dueAt(7))
    const pacer = pacerOf([connection!])
    connection!.state = 'connecting'
    pacer.rescheduled()
    expect(connection!.queued).toBe(true)
    expect(pacer.turn(1)).toBe(7)
  })
})

describe('a closed loop', () => {
  function pacerOf(
    connections: readonly FakeConnection[],
    {pipeline = 1, sender = fakeSender()} = {},
  ): ClosedLoopPacer {
    const pacer = new ClosedLoopPacer({sender, pipeline, clock})
    for (const {real} of connections) pacer.admit(real)
    return pacer
  }

  const calls = (count: number) => scheduleOfShare(count)

  test('sends the next call when the one before is complete', () => {
    const [connection] = connectionsWith(calls(2))
    const pacer = pacerOf([connection!])
    nowMs = 5
    expect(pacer.turn(5)).toBe(Number.POSITIVE_INFINITY)
    expect(log).toEqual(['0: 5 at 5', 'write 0'])
    pacer.turn(6)
    expect(log).toHaveLength(2)
    connection!.pending.shift()
    pacer.replied(connection!.real)
    nowMs = 7
    pacer.turn(7)
    connection!.pending.shift()
    pacer.replied(connection!.real)
    pacer.turn(8)
    expect(log).toEqual(['0: 5 at 5', 'write 0', '0: 7 at 7', 'write 0'])
  })

  test('keeps as many under way as the pipeline holds, in one write', () => {
    const [connection] = connectionsWith(calls(10))
    const pacer = pacerOf([connection!], {pipeline: 3})
    tickMs = 1
    pacer.turn(0)
    expect(log).toEqual(['0: 0 at 0', '0: 0 at 0', '0: 0 at 0', 'write 0'])
    connection!.pending.shift()
    pacer.replied(connection!.real)
    pacer.turn(1)
    expect(log.slice(4)).toEqual(['0: 1 at 1', 'write 0'])
  })

  test('sends no more than there are', () => {
    const pacer = pacerOf(connectionsWith(calls(2)), {pipeline: 3})
    pacer.turn(0)
    expect(log).toEqual(['0: 0 at 0', '0: 0 at 0', 'write 0'])
  })

  test('goes on in the next turn where the scratch had no room, or commands get no reply', () => {
    const [connection] = connectionsWith(calls(10))
    const pacer = pacerOf([connection!], {pipeline: 3, sender: fakeSender(2)})
    expect(pacer.turn(0)).toBe(0)
    expect(log).toEqual(['0: 0 at 0', '0: 0 at 0', 'write 0'])
    expect(pacer.turn(4)).toBe(Number.POSITIVE_INFINITY)
    expect(log.slice(3)).toEqual(['0: 0 at 0', 'write 0'])
  })

  test('waits for a socket that is full', () => {
    const [connection] = connectionsWith(calls(10))
    let isFull = true
    const pacer = pacerOf([connection!], {pipeline: 3, sender: fakeSender(1, () => !isFull)})
    pacer.turn(0)
    expect(pacer.turn(1)).toBe(Number.POSITIVE_INFINITY)
    expect(log).toEqual(['0: 0 at 0', 'write 0'])
    isFull = false
    pacer.flushed(connection!.real)
    pacer.turn(2)
    expect(log).toHaveLength(4)
  })

  test('writes nothing where nothing is to be sent', () => {
    const [full, exhausted, gone] = connectionsWith(calls(10), calls(1), calls(10))
    full!.pending.push({intendedMs: 0, sentMs: 0, method: 0, key: 0, size: 0})
    const pacer = pacerOf([full!, exhausted!, gone!])
    exhausted!.schedule.advance()
    gone!.state = 'draining'
    pacer.turn(0)
    expect(log).toEqual([])
  })

  test('does not wait for the next turn when sixteen are ready', () => {
    const connections = connectionsWith(...Array.from({length: 16}, () => calls(1)))
    const pacer = pacerOf([])
    for (const {real} of connections.slice(0, 15)) pacer.replied(real)
    expect(log).toEqual([])
    pacer.replied(connections[15]!.real)
    expect(log).toHaveLength(32)
  })

  test('a change of schedules changes nothing', () => {
    const pacer = pacerOf(connectionsWith(calls(1)))
    pacer.rescheduled()
    expect(log).toEqual([])
  })
})
