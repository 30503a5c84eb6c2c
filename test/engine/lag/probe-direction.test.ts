import {beforeEach, describe, expect, onTestFinished, test, vi} from 'vitest'
import type {LagEvent} from '../../../src/engine/lag/lag-event.js'
import type {ProbeAnswer, ProbeConnection, ProbeRequest} from '../../../src/engine/lag/probe-connection.js'
import {ProbeDirection} from '../../../src/engine/lag/probe-direction.js'

let nowMs = 0
let events: LagEvent[] = []
let evidenceTold = 0

/** Nodes that answer when a test says. */
class FakeProbeConnection {
  connected = true
  readonly waiting: ProbeRequest[] = []

  get real(): ProbeConnection {
    return this as unknown as ProbeConnection
  }

  send(requests: readonly ProbeRequest[]): void {
    this.waiting.push(...requests)
  }

  get texts(): string[] {
    return this.waiting.map(({text}) => text.trim().replaceAll('\r\n', ' '))
  }

  /** Answers the oldest request. */
  answer(answer: Partial<ProbeAnswer> | string): void {
    const request = this.waiting.shift()!
    request.settle(
      typeof answer === 'string'
        ? answer
        : {kind: 'end', line: 'END', found: [], sentAtMs: nowMs, atMs: nowMs, ...answer},
    )
  }
}

let writer: FakeProbeConnection
let reader: FakeProbeConnection
let direction: ProbeDirection

beforeEach(() => {
  nowMs = 1000
  events = []
  evidenceTold = 0
  vi.useFakeTimers({toFake: ['setTimeout', 'clearTimeout', 'setImmediate']})
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => nowMs)
  onTestFinished(() => {
    clock.mockRestore()
    vi.useRealTimers()
  })
  writer = new FakeProbeConnection()
  reader = new FakeProbeConnection()
  direction = new ProbeDirection({
    direction: 'aToB',
    writerName: 'm1',
    writer: writer.real,
    reader: reader.real,
    keyPrefix: 'p:',
    firstNumber: 1,
    onEvent: event => events.push(event),
    onEvidence: () => evidenceTold++,
  })
})

function pass(ms: number): void {
  nowMs += ms
  vi.advanceTimersByTime(ms)
}

const stored = (answer: Partial<ProbeAnswer> = {}) => writer.answer({kind: 'stored', line: 'STORED', ...answer})
const found = (...numbers: number[]) => ({found: numbers.map(number => `p:${number}`)})

describe('a write', () => {
  test('has a key of its own and lives for five minutes; the other node is asked for it at once', () => {
    direction.write()
    expect(writer.texts).toEqual(['set p:1 0 300 1 1'])
    expect(reader.texts).toEqual(['get p:1'])
    direction.write()
    expect(writer.texts).toHaveLength(2)
    expect(reader.texts).toHaveLength(1)
    expect(direction.isWaiting).toBe(true)
  })

  test('that is acknowledged is told, and is unseen since then', () => {
    direction.write()
    stored({sentAtMs: 1001, atMs: 1003})
    expect(events).toEqual([{type: 'stored', direction: 'aToB', number: 1, atMs: 1003}])
    expect(direction.evidence).toMatchObject({oldestUnseenMs: 1003, problem: null})
  })

  test('that is refused is no lag', () => {
    direction.write()
    writer.answer({kind: 'server_error', line: 'SERVER_ERROR full'})
    expect(events).toEqual([{type: 'notStored', direction: 'aToB'}])
    expect(direction.isWaiting).toBe(false)
    expect(direction.evidence.problem).toContain("m1 answers 'SERVER_ERROR full'")
    direction.write()
    writer.answer('m1 is away')
    expect(direction.evidence.problem).toBe('m1 is away')
    expect(evidenceTold).toBe(2)
    direction.write()
    stored()
    expect(direction.evidence.problem).toBeNull()
  })
})

describe('the lag', () => {
  test('runs from STORED to the middle of the time in which the write became visible', () => {
    direction.write()
    stored({sentAtMs: 1000, atMs: 1002})
    reader.answer({sentAtMs: 1001, atMs: 1004})
    expect(reader.texts).toEqual(['get p:1'])
    reader.answer({...found(1), sentAtMs: 1008, atMs: 1010})
    // Missing until 1004, asked for again at 1008.
    expect(events.at(-1)).toEqual({
      type: 'seen',
      direction: 'aToB',
      number: 1,
      atMs: 1010,
      lagUs: 6000,
      resolutionUs: 4000,
    })
    expect(direction.lastArrival).toEqual({atMs: 1010, lagMs: 6})
    expect(direction.evidence).toMatchObject({crossedAtMs: 1010, oldestUnseenMs: null})
    expect(direction.isWaiting).toBe(false)
  })

  test('counts from when the write left, where it was never missing', () => {
    direction.write()
    stored({sentAtMs: 1003, atMs: 1004})
    reader.answer({...found(1), sentAtMs: 1005, atMs: 1007})
    expect(events.at(-1)).toMatchObject({lagUs: 2000, resolutionUs: 2000})
  })

  test('is told when STORED comes after the write was seen, and is none then', () => {
    direction.write()
    reader.answer({...found(1), sentAtMs: 1000, atMs: 1001})
    expect(events).toEqual([])
    stored({sentAtMs: 1000, atMs: 1002})
    expect(events.map(({type}) => type)).toEqual(['stored', 'seen'])
    expect(events.at(-1)).toMatchObject({lagUs: 0, resolutionUs: 0, atMs: 1001})
  })

  test('does not count the time in which the other node did not answer as known to be missing', () => {
    direction.write()
    stored({sentAtMs: 1000, atMs: 1001})
    nowMs = 1050
    reader.answer('s1 is away')
    expect(direction.evidence).toMatchObject({problem: 's1 is away'})
    expect(reader.waiting).toEqual([])
    pass(24)
    expect(reader.waiting).toEqual([])
    pass(1)
    reader.answer({...found(1), sentAtMs: 1075, atMs: 1077})
    expect(events.at(-1)).toMatchObject({resolutionUs: 25_000, lagUs: (1077 - 1001 - 12.5) * 1000})
    expect(direction.evidence.problem).toBeNull()
  })
})

describe('keys that were seen', () => {
  test('are deleted on the node that was written, where it is connected', () => {
    direction.write()
    stored()
    reader.answer(found(1))
    expect(writer.texts).toEqual(['delete p:1'])
    writer.waiting.length = 0
    writer.connected = false
    direction.write()
    stored()
    reader.answer(found(2))
    expect(writer.texts).toEqual([])
    direction.write()
    expect(writer.texts).toEqual(['set p:3 0 300 1 1', 'delete p:2'])
  })
})

describe('a write that a later one overtook', () => {
  function overtake(): void {
    direction.write()
    direction.write()
    stored({atMs: 1001})
    stored({atMs: 1002})
    reader.answer({atMs: 1003})
    // Both are asked for; only the second is there.
    reader.answer({...found(2), sentAtMs: 1004, atMs: 1005})
    // A read that was sent after that does not show it.
    reader.answer({sentAtMs: 1006, atMs: 1007})
  }

  test('is told once it is missing from a read that was sent after the later one was seen', () => {
    overtake()
    expect(events.map(({type, ...event}) => [type, 'number' in event ? event.number : 0])).toEqual([
      ['stored', 1],
      ['stored', 2],
      ['seen', 2],
      ['overtaken', 1],
    ])
    expect(direction.evidence.oldestUnseenMs).toBeNull()
    expect(direction.isWaiting).toBe(false)
  })

  test('is asked for ten times a second still', () => {
    overtake()
    expect(reader.texts).toEqual([])
    pass(100)
    expect(reader.texts).toEqual(['get p:1'])
    reader.answer({...found(1), sentAtMs: 1100, atMs: 1101})
    expect(events.at(-1)).toMatchObject({type: 'seen', number: 1})
  })

  test('is told when STORED comes later', () => {
    direction.write()
    direction.write()
    writer.waiting.reverse()
    stored({atMs: 1002})
    reader.answer({atMs: 1003})
    reader.answer({...found(2), sentAtMs: 1004, atMs: 1005})
    reader.answer({sentAtMs: 1006, atMs: 1007})
    expect(events.at(-1)).toMatchObject({type: 'seen', number: 2})
    writer.waiting.splice(1)
    stored({atMs: 1008})
    expect(events.slice(-2).map(({type}) => type)).toEqual(['stored', 'overtaken'])
  })
})

describe('reads', () => {
  test('follow each other at once for two milliseconds after a write, then more slowly the older it is', () => {
    direction.write()
    stored()
    reader.answer({})
    expect(reader.texts).toHaveLength(1)
    nowMs += 2
    reader.answer({})
    expect(reader.texts).toHaveLength(0)
    pass(1)
    expect(reader.texts).toHaveLength(1)
    nowMs = 1500
    reader.answer({})
    pass(9)
    expect(reader.texts).toHaveLength(0)
    pass(1)
    expect(reader.texts).toHaveLength(1)
    nowMs = 9000
    reader.answer({})
    pass(19)
    expect(reader.texts).toHaveLength(0)
    pass(1)
    expect(reader.texts).toHaveLength(1)
  })

  test('ask for the oldest and the newest, because the oldest may be lost', () => {
    direction.write()
    for (let number = 2; number <= 50; number++) direction.write()
    reader.answer({})
    const keys = reader.texts[0]!.split(' ').slice(1)
    expect(keys).toHaveLength(36)
    expect([keys[0], keys[31]]).toEqual(['p:1', 'p:32'])
    expect(keys.slice(32)).toEqual(['p:50', 'p:49', 'p:48', 'p:47'])
  })

  test('ask for no key twice', () => {
    for (let number = 1; number <= 34; number++) direction.write()
    reader.answer({})
    const keys = reader.texts[0]!.split(' ').slice(1)
    expect(keys).toHaveLength(34)
    expect(new Set(keys).size).toBe(34)
  })

  test('that are answered by something else are tried again, and prove nothing', () => {
    direction.write()
    stored({atMs: 1001})
    reader.answer({sentAtMs: 1002, atMs: 1003})
    expect(direction.evidence.missing).toEqual({sinceMs: 1003, untilMs: 1003})
    reader.answer({kind: 'error', line: 'ERROR'})
    expect(direction.evidence).toMatchObject({
      missing: null,
      problem: "Expected values or END to a probe read, got 'ERROR'",
    })
    pass(25)
    expect(reader.texts).toEqual(['get p:1'])
  })

  test('that do not show a write prove that it is missing, where it was acknowledged before they were sent', () => {
    direction.write()
    reader.answer({sentAtMs: 1001, atMs: 1002})
    expect(direction.evidence.missing).toBeNull()
    stored({atMs: 1003})
    reader.answer({sentAtMs: 1002.5, atMs: 1004})
    expect(direction.evidence.missing).toBeNull()
    reader.answer({sentAtMs: 1005, atMs: 1006})
    expect(direction.evidence.missing).toEqual({sinceMs: 1006, untilMs: 1006})
    expect(evidenceTold).toBe(3)
  })
})

describe('a write that nobody sees', () => {
  test('is given up after five minutes, and the direction is unseen since then', () => {
    direction.write()
    stored({atMs: 1001})
    reader.answer({})
    nowMs = 1000 + 300_000
    direction.write()
    stored({atMs: nowMs})
    expect(direction.evidence.oldestUnseenMs).toBe(1001)
    reader.waiting.length = 1
    reader.answer({})
    reader.answer(found(2))
    expect(direction.evidence.oldestUnseenMs).toBeNull()
  })
})

describe('at the end', () => {
  test('both nodes are asked to delete what was not seen, and nothing is read any more', () => {
    direction.write()
    direction.write()
    stored()
    writer.waiting.length = 0
    reader.waiting.length = 0
    direction.close()
    expect(writer.texts).toEqual(['delete p:1', 'delete p:2'])
    expect(reader.texts).toEqual(['delete p:1', 'delete p:2'])
    pass(10_000)
    expect(reader.texts).toHaveLength(2)
  })

  test('no more than five hundred are deleted, the newest', () => {
    for (let number = 1; number <= 600; number++) direction.write()
    writer.connected = false
    reader.waiting.length = 0
    direction.close()
    expect(reader.texts).toHaveLength(500)
    expect([reader.texts[0], reader.texts.at(-1)]).toEqual(['delete p:101', 'delete p:600'])
    expect(writer.texts.some(text => text.startsWith('delete'))).toBe(false)
  })

  test('answers that come late tell nothing but whether a write was stored', () => {
    direction.write()
    direction.close()
    const before = evidenceTold
    reader.answer(found(1))
    writer.answer('closed')
    expect(events).toEqual([{type: 'notStored', direction: 'aToB'}])
    expect(evidenceTold).toBe(before)
    expect(direction.evidence.problem).toBeNull()
  })
})
