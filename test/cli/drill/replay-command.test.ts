import {expect, test} from 'vitest'
import {replayCommand} from '../../../src/cli/drill/replay-command.js'
import type {SoakFault} from '../../../src/engine/drills/contract/drill.js'

const fault = (number: number, wholeAfterMs: number | null): SoakFault => ({
  number,
  fault: 'kill-slave',
  holdMs: 300,
  pauseMs: 400,
  t: number,
  wholeAfterMs,
  problem: null,
})

test('the same options, but for the seed and the number of faults', () => {
  const args = [
    'drill',
    'soak',
    '--topology',
    'repcached',
    '--duration=10m',
    '--seed',
    '7',
    '--json',
    '--assert',
    'rto<2s',
  ]
  expect(replayCommand({faults: [fault(1, 5), fault(2, null)]}, {args, seed: 7})).toBe(
    "repbench drill soak --topology repcached --assert 'rto<2s' --seed 7 --faults 2",
  )
})

test('nothing to replay where the pair was whole after every fault', () => {
  expect(replayCommand({faults: [fault(1, 5)]}, {args: ['drill', 'soak'], seed: 1})).toBeNull()
  expect(replayCommand({faults: []}, {args: ['drill', 'calm'], seed: 1})).toBeNull()
})
