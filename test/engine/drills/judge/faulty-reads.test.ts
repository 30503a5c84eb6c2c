import {expect, test} from 'vitest'
import {faultyReadsLines} from '../../../../src/cli/documents/text/faulty-reads-text.js'
import {describeFaultyReads} from '../../../../src/engine/drills/judge/faulty-reads.js'
import {emptyVerification} from '../../../../src/engine/verify/verification.js'

test('says which reads a node answered that had opened without a full sync', () => {
  const nodes = [
    {name: 'm1', address: {host: 'a', port: 1}},
    {name: 's1', address: {host: 'b', port: 1}},
  ]
  const emptySpans = [{node: 'm1', from: 4.1, to: 4.3}]
  const spells = [
    {kind: 'missing', server: 'a:1', from: 4.2, to: 4.239, reads: 40},
    {kind: 'stale', server: 'b:1', from: 6.2, to: 6.2, reads: 1},
    {kind: 'missing', server: 'c:1', from: 7, to: 7, reads: 1},
  ] as const
  const faults = [
    {number: 1, fault: 'kill-master', holdMs: 1, pauseMs: 1, t: 3, wholeAfterMs: 1, problem: null},
    {number: 2, fault: 'cut-link', holdMs: 1, pauseMs: 1, t: 5, wholeAfterMs: 1, problem: null},
  ]
  const verification = {...emptyVerification(), spells: [...spells]}
  const described = describeFaultyReads({verification, nodes, faults, emptySpans})
  expect(described).toMatchObject([
    {node: 'm1', fault: 1, faultName: 'kill-master', emptySince: 4.1},
    {node: 's1', fault: 2, emptySince: null},
    {node: null, fault: 2, emptySince: null},
  ])
  expect(faultyReadsLines(described).map(line => line.trim())).toEqual([
    '40 missing on m1 from 4.20 s, for 39 ms, after fault 1 (kill-master), while the node had no full sync: it had opened 100 ms before without one',
    '1 stale on s1 from 6.20 s, after fault 2 (cut-link)',
    '1 missing on c:1 from 7.00 s, after fault 2 (cut-link)',
  ])
  expect(faultyReadsLines(Array.from({length: 7}, () => described[0]!)).at(-1)).toMatch(/and 2 times more/)
})

test('a spell belongs to the fault before it, and to the node’s own time without a copy', () => {
  const nodes = [
    {name: 'm1', address: {host: 'a', port: 1}},
    {name: 's1', address: {host: 'b', port: 1}},
  ]
  const emptySpans = [
    {node: 's1', from: 4, to: 6},
    {node: 'm1', from: 4.1, to: 4.3},
    {node: 'm1', from: 8, to: null},
  ]
  const faults = [{number: 1, fault: 'kill-master', holdMs: 1, pauseMs: 1, t: 3, wholeAfterMs: 1, problem: null}]
  const describe = (from: number, server = 'a:1') => {
    const spells = [{kind: 'missing', server, from, to: from, reads: 1} as const]
    const verification = {...emptyVerification(), spells}
    const {fault, emptySince} = describeFaultyReads({verification, nodes, faults, emptySpans})[0]!
    return [fault, emptySince]
  }
  expect(describe(2.9)).toEqual([null, null])
  expect(describe(3)).toEqual([1, null])
  expect(describe(4.05)).toEqual([1, null])
  expect(describe(4.1)).toEqual([1, 4.1])
  expect(describe(4.3)).toEqual([1, 4.1])
  expect(describe(4.31)).toEqual([1, null])
  expect(describe(4.31, 'b:1')).toEqual([1, 4])
  expect(describe(9)).toEqual([1, 8])
  expect(describeFaultyReads({verification: null, nodes, faults, emptySpans})).toEqual([])
})
