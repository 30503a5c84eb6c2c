import {describe, expect, test} from 'vitest'
import {formatKey} from '../../../src/engine/data/key-text.js'
import {methods} from '../../../src/engine/data/methods.js'
import {FailoverLog} from '../../../src/engine/verify/failover-log.js'
import type {ReadChecker} from '../../../src/engine/verify/read-checker.js'
import {newVerifyAssignment, Verifier} from '../../../src/engine/verify/verifier.js'
import {makePlan} from '../helpers/plans.js'

const servers = [
  {host: '127.0.0.1', port: 1},
  {host: '127.0.0.1', port: 2},
] as const
const [master, slave] = servers

/** A connection of number 4 that has written version 1 of key 1 to the master, and is open to the slave now. */
function script() {
  const plan = makePlan({keyCount: 20, sizes: {kind: 'fixed', bytes: 100}})
  const assignment = newVerifyAssignment(plan, {witnesses: true})
  const verifier = new Verifier({plan, assignment, servers})
  const checker = verifier.checker(4)
  const log = new FailoverLog(assignment.failovers!)
  const write = (key: number) => {
    const version = checker.sentWrite(key, false)
    checker.replied('stored', methods.set, performance.now())
    return version
  }
  const give = (key: number, version: number, by = verifier) => {
    const data = Buffer.alloc(100)
    by.values.render(data, 0, {key, version, writer: 0, size: data.length})
    const line = Buffer.from(`VALUE ${formatKey(plan.keyPrefix, key)} 0 ${data.length}`)
    checker.onValue(line, 0, line.length, data.length)
    checker.onData(data, 0, data.length, true)
  }
  checker.goesTo(master)
  checker.opened(performance.now())
  write(1)
  checker.closed()
  checker.goesTo(slave)
  checker.opened(performance.now())
  return {checker, log, give, write, plan, assignment, verifier}
}

const touches = (log: FailoverLog) => [...log.take()].filter(({kind}) => kind !== 'switch')

describe('a key that may not have crossed', () => {
  test('is to be read before it is written; no other', () => {
    const {checker} = script()
    expect([1, 2].map(key => checker.needsWitness(key))).toEqual([true, false])
  })

  test('is not, where nobody wants to know', () => {
    const plan = makePlan({keyCount: 20})
    const checker: ReadChecker = new Verifier({plan, assignment: newVerifyAssignment(plan), servers}).checker()
    checker.goesTo(master)
    checker.opened(1)
    expect(checker.needsWitness(1)).toBe(false)
    checker.sentWitness(1)
    checker.witnessed('end', 2)
    checker.closed()
  })

  test('is found absent by a read that finds nothing', () => {
    const {checker, log} = script()
    checker.sentWitness(1)
    expect(log.witnessReads).toBe(1)
    checker.witnessed('end', performance.now())
    expect(touches(log)).toMatchObject([{kind: 'touch', key: 1, state: 'absent', version: 0, connection: 4}])
    expect(checker).toBeDefined()
  })

  test('is unknown when the read is refused', () => {
    const {checker, log} = script()
    checker.sentWitness(1)
    checker.witnessed('server_error', performance.now())
    expect(touches(log)).toMatchObject([{state: 'unanswered'}])
  })

  test('is found in its version, once, and no read of the load is counted', () => {
    const {checker, log, give, verifier} = script()
    checker.sentWitness(1)
    give(1, 1)
    checker.witnessed('end', performance.now())
    expect(touches(log)).toMatchObject([{kind: 'touch', key: 1, state: 'ours', version: 1}])
    expect(verifier.verification).toMatchObject({fresh: 0, stale: 0, missing: 0})
  })

  test('is found with a value that is not ours', () => {
    const {checker, log, give, plan} = script()
    const foreign = new Verifier({plan, assignment: newVerifyAssignment(plan)})
    checker.sentWitness(1)
    give(1, 1, foreign)
    expect(touches(log)).toMatchObject([{state: 'other', version: 0}])
  })

  test('is unknown when the connection ends before the answer, of a server that had answered', () => {
    const {checker, log} = script()
    checker.sentWitness(1)
    checker.closed()
    expect(touches(log)).toEqual([])
    const served = script()
    served.write(2)
    served.checker.sentWitness(1)
    served.checker.closed()
    expect(touches(served.log)).toMatchObject([{kind: 'touch', key: 1, state: 'unanswered'}])
  })

  test('leaves the calls behind it in step', () => {
    const {checker, log, give, verifier} = script()
    checker.sentWitness(1)
    checker.sentRead(1, false)
    give(1, 1)
    checker.witnessed('end', performance.now())
    give(1, 1)
    checker.replied('end', methods.get, performance.now())
    expect(touches(log)).toHaveLength(1)
    expect(verifier.verification).toMatchObject({fresh: 1, missing: 0})
  })
})

describe('a read of the load', () => {
  test('that finds nothing of an acknowledged key is noted', () => {
    const {checker, log} = script()
    checker.sentRead(1, false)
    checker.replied('end', methods.get, performance.now())
    expect(touches(log)).toMatchObject([{kind: 'read', key: 1, state: 'absent', version: 0, expected: 1, server: 1}])
  })

  test('that finds an old version is noted, and one that finds the newest is not', () => {
    const {checker, log, give, write} = script()
    write(1)
    checker.sentRead(1, false)
    give(1, 1)
    checker.replied('end', methods.get, performance.now())
    checker.sentRead(1, false)
    give(1, 2)
    checker.replied('end', methods.get, performance.now())
    expect(touches(log)).toMatchObject([{kind: 'read', key: 1, state: 'ours', version: 1, expected: 2, server: 1}])
  })

  test('that finds nothing of a key that nobody wrote is not noted', () => {
    const {checker, log} = script()
    checker.sentRead(7, false)
    checker.replied('end', methods.get, performance.now())
    expect(touches(log)).toEqual([])
  })
})

test('times are on the clock of the acknowledgements, which began when the run was prepared', () => {
  const {checker, log, assignment} = script()
  const {originMs} = assignment
  expect(Math.abs(performance.timeOrigin + performance.now() - originMs)).toBeLessThan(60_000)
  checker.sentWitness(1)
  const nowMs = performance.now()
  checker.witnessed('end', nowMs)
  expect(touches(log)[0]!.atMs).toBeCloseTo(performance.timeOrigin + nowMs - originMs, 0)
})

test('spells are told in seconds from a moment of the load’s clock', () => {
  const {checker, verifier} = script()
  checker.sentRead(1, false)
  checker.replied('end', methods.get, performance.now())
  const startMs = performance.now() - 5000
  const [spell] = verifier.verificationSince(startMs).spells
  const [own] = verifier.verification.spells
  expect(spell).toMatchObject({kind: 'missing', server: '127.0.0.1:2', reads: 1})
  expect(spell!.from).toBeCloseTo(own!.from - startMs / 1000)
  expect(spell!.to).toBeCloseTo(own!.to - startMs / 1000)
  expect(spell!.from).toBeGreaterThan(4)
  expect(spell!.from).toBeLessThan(60)
  expect(verifier.verificationSince(startMs)).toMatchObject({missing: 1})
})
