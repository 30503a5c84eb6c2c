import {beforeEach, describe, expect, test} from 'vitest'
import {Sender} from '../../../src/engine/loop/sender.js'
import {asSecondHalf, BARRIER, WITNESS} from '../../../src/engine/measure/pending-calls.js'
import {Recorder} from '../../../src/engine/measure/recorder.js'
import type {LoadPlan} from '../../../src/engine/plan/plan.js'
import type {ReadChecker} from '../../../src/engine/verify/read-checker.js'
import {scheduleOfShare} from '../../../src/engine/workload/call-schedule.js'
import {Workload} from '../../../src/engine/workload/workload.js'
import {FakeConnection} from '../helpers/fake-connection.js'
import {makePlan} from '../helpers/plans.js'

let nowMs = 0

beforeEach(() => {
  nowMs = 0
})

/** Writes down what it is told; keys need a witness as the test says. */
class FakeChecker {
  readonly told: string[] = []
  needsWitness: (key: number) => boolean = () => false
  sentWitness(key: number): void {
    this.told.push(`witness ${key}`)
  }
  sentRead(key: number, more: boolean): void {
    this.told.push(`read ${key}${more ? ' and more' : ''}`)
  }
  sentWrite(key: number, removes: boolean): number {
    this.told.push(`${removes ? 'delete' : 'write'} ${key}`)
    return 7
  }
  sentOther(key: number): void {
    this.told.push(`other ${key}`)
  }
}

function setUp(changes: Partial<LoadPlan> = {}, {checked = false, calls = 10} = {}) {
  const plan = makePlan({keyPrefix: 'k:', sizes: {kind: 'fixed', bytes: 2}, ...changes})
  const recorder = new Recorder(plan)
  const connection = new FakeConnection({index: 3, schedule: scheduleOfShare(calls)})
  connection.state = 'open'
  const checker = new FakeChecker()
  Object.assign(connection, {
    workload: new Workload(plan, 0),
    ...(checked ? {checker: checker as unknown as ReadChecker} : {}),
  })
  const sender = new Sender({plan, recorder, verifier: undefined, clock: () => nowMs})
  const send = (intendedMs: number, sentMs = intendedMs): boolean => {
    sender.render(connection.real, intendedMs, sentMs)
    return sender.write(connection.real)
  }
  return {sender, connection, recorder, checker, send}
}

const mixOf = (...names: LoadPlan['mix'][number]['method'][]): Pick<LoadPlan, 'mix'> => ({
  mix: names.map(method => ({method, weight: 1})),
})

describe('a call', () => {
  test('is written, booked as sent and waits for its reply', () => {
    const {connection, recorder, send} = setUp()
    expect(send(10, 12)).toBe(true)
    expect(connection.written).toEqual([expect.stringMatching(/^set k:[0-9a-f]{8} 0 0 2\r\n00\r\n$/)])
    const {pending, schedule} = connection
    expect(pending).toMatchObject({count: 1, intendedMs: 10, sentMs: 12, method: 0, size: 2})
    expect(connection.written[0]).toContain(`k:${pending.key.toString(16).padStart(8, '0')} `)
    expect(schedule.taken).toBe(1)
    expect(recorder.tally.sent).toBe(1)
    expect(recorder.bytesOut).toBe(connection.written[0]!.length)
    expect(connection.unconfirmed).toBe(false)
  })

  test('joins others in one write', () => {
    const {sender, connection} = setUp()
    sender.render(connection.real, 1, 1)
    sender.render(connection.real, 2, 2)
    expect(sender.hasRoom).toBe(true)
    sender.write(connection.real)
    expect(connection.written).toHaveLength(1)
    expect(connection.pending.count).toBe(2)
    expect(connection.pending.sentMsOf(1)).toBe(2)
  })

  test('that reads waits for all its keys', () => {
    const {connection, send} = setUp({...mixOf('get'), multigetKeys: 3})
    send(1)
    expect(connection.pending.size).toBe(3)
    expect(connection.written[0]!.split(' ')).toHaveLength(4)
  })

  test('that the socket did not take keeps its bytes', () => {
    const {connection, send} = setUp()
    const taken: Buffer[] = []
    connection.write = bytes => {
      taken.push(bytes)
      return false
    }
    expect(send(1)).toBe(false)
    const text = taken[0]!.toString('latin1')
    for (let call = 2; call < 5; call++) send(call)
    expect(taken[0]!.toString('latin1')).toBe(text)
  })
})

describe('a call without a reply', () => {
  test('is complete as it is sent, and wants a barrier behind it', () => {
    const {connection, recorder, send} = setUp({noreply: true})
    send(1, 3)
    expect(connection).toMatchObject({unconfirmed: true, pending: {count: 0}})
    expect(recorder.tally).toMatchObject({sent: 1, ok: 1})
    expect(recorder.inFlight).toBe(0)
    expect(connection.written).toHaveLength(1)
  })

  test('is never a read, nor the first half of a cas', () => {
    for (const method of ['get', 'cas'] as const) {
      const {connection, send} = setUp({...mixOf(method), noreply: true})
      send(1)
      expect(connection).toMatchObject({unconfirmed: false, pending: {count: 1}})
    }
  })

  test('is followed by a barrier when it is the last, as no reply could show the end', () => {
    const {connection, send} = setUp({noreply: true}, {calls: 2})
    send(1)
    expect(connection.written).toHaveLength(1)
    nowMs = 8
    send(2)
    expect(connection.written.at(-1)).toBe('version\r\n')
    expect(connection.pending).toMatchObject({count: 1, method: BARRIER, intendedMs: 8, sentMs: 8})
    expect(connection.unconfirmed).toBe(false)
  })

  test('is not, where a reply is still due', () => {
    const {connection, send} = setUp({...mixOf('set'), noreply: true}, {calls: 1})
    connection.pending.push({intendedMs: 0, sentMs: 0, method: 0, key: 0, size: 0})
    send(1)
    expect(connection.written).toHaveLength(1)
    expect(connection.unconfirmed).toBe(true)
  })
})

describe('the second half of a cas', () => {
  const unique = Buffer.from('42')

  test('takes the place of the first, with its times, behind what is under way', () => {
    const {sender, connection, recorder, send} = setUp(mixOf('cas'))
    send(5, 6)
    send(7, 8)
    const {key} = connection.pending
    sender.sendCas(connection.real, {unique, noreply: false})
    expect(connection.written.at(-1)).toBe(`cas k:${key.toString(16).padStart(8, '0')} 0 0 2 42\r\n00\r\n`)
    expect(recorder.casSent).toBe(1)
    expect(recorder.tally.sent).toBe(2)
    expect(connection.pending).toMatchObject({count: 2, intendedMs: 7})
    connection.pending.shift()
    expect(connection.pending).toMatchObject({method: asSecondHalf(0), intendedMs: 5, sentMs: 6, key, size: 2})
  })

  test('is complete as it is sent where it wants no reply', () => {
    const {sender, connection, recorder, send} = setUp({...mixOf('cas'), noreply: true}, {calls: 2})
    send(5, 6)
    nowMs = 9
    sender.sendCas(connection.real, {unique, noreply: true})
    expect(connection).toMatchObject({unconfirmed: true, pending: {count: 0}})
    expect(recorder.tally).toMatchObject({sent: 1, ok: 1})
    expect(connection.written.at(-1)).toContain(' 42 noreply\r\n')
    const {response} = recorder.takeDelta({elapsedMs: 0, intended: 0, unsent: 0, verification: null, idleMs: 0})
    expect(response[0]).toMatchObject({count: 1, maxUs: 4000})
  })

  test('tells the checker of the write, and carries its version', () => {
    const {sender, connection, checker, send} = setUp(mixOf('cas'), {checked: true})
    send(5)
    const {key} = connection.pending
    sender.sendCas(connection.real, {unique, noreply: false})
    expect(checker.told).toEqual([`read ${key}`, `write ${key}`])
  })
})

describe('a checker', () => {
  test.each([
    ['set', 'write'],
    ['delete', 'delete'],
    ['incr', 'write'],
    ['touch', 'other'],
    ['get', 'read'],
    ['cas', 'read'],
  ] as const)('is told of a %s', (method, told) => {
    const {connection, checker, send} = setUp(mixOf(method), {checked: true})
    send(1)
    expect(checker.told).toEqual([`${told} ${connection.pending.key}`])
  })

  test('is told of every key of a read', () => {
    const {checker, send} = setUp({...mixOf('get'), multigetKeys: 3}, {checked: true})
    send(1)
    expect(checker.told).toEqual([
      expect.stringMatching(/^read \d+ and more$/),
      expect.stringMatching(/^read \d+ and more$/),
      expect.stringMatching(/^read \d+$/),
    ])
  })

  test('may want to know what is there before a write: a read that is none of the load’s goes before it', () => {
    const {connection, recorder, checker, send} = setUp({}, {checked: true})
    checker.needsWitness = () => true
    send(5, 6)
    const [witness, write] = [{...pendingOf(connection)}, connection]
    expect(witness).toEqual({intendedMs: 6, sentMs: 6, method: WITNESS, size: 1})
    expect(recorder.witnessesSent).toBe(1)
    expect(connection.written[0]).toMatch(/^get (k:[0-9a-f]{8})\r\nset \1 0 0 2\r\n00\r\n$/)
    write.pending.shift()
    expect(write.pending).toMatchObject({method: 0, intendedMs: 5})
    expect(checker.told).toEqual([`witness ${write.pending.key}`, `write ${write.pending.key}`])
  })

  test('wants no witness before a read', () => {
    const {connection, checker, send} = setUp(mixOf('get'), {checked: true})
    checker.needsWitness = () => true
    send(5)
    expect(connection.written[0]).toMatch(/^get k:[0-9a-f]{8}\r\n$/)
  })
})

function pendingOf({pending}: FakeConnection) {
  const {intendedMs, sentMs, method, size} = pending
  return {intendedMs, sentMs, method, size}
}
