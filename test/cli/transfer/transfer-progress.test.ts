import {expect, test} from 'vitest'
import {TextOutput} from '../../../src/cli/app/text-output.js'
import {renderProgress, TransferProgress} from '../../../src/cli/transfer/transfer-progress.js'

const moved = {items: 12_000, bytes: 24_000_000, of: 100_000, share: 0.12}

test.each([
  ['copied', moved, 12, 'copied 12,000 of 100,000 items, 2.0 MB/s, 88 s left'],
  ['copied', moved, 120, 'copied 12,000 of 100,000 items, 200.0 kB/s, 15 min left'],
  ['copied', moved, 12_000, 'copied 12,000 of 100,000 items, 2.0 kB/s, 24.4 h left'],
  ['copied', moved, 1.5, 'copied 12,000 of 100,000 items, 16.0 MB/s'],
  ['copied', moved, 0.5, 'copied 12,000 of 100,000 items'],
  ['restored', {...moved, of: null, share: null}, 12, 'restored 12,000 items, 2.0 MB/s'],
  ['restored', {...moved, share: 0}, 12, 'restored 12,000 of 100,000 items, 2.0 MB/s'],
  ['restored', {...moved, share: 1.01}, 12, 'restored 12,000 of 100,000 items, 2.0 MB/s, 0 s left'],
  ['listed', {...moved, bytes: null, share: null}, 12, 'listed 12,000 of 100,000 items'],
])('%s %o after %d s', (verb, progress, seconds, line) => {
  expect(renderProgress(verb, progress, seconds)).toBe(line)
})

test.each([
  [true, 200, '\rcopied 12,000 of 100,000 items\x1b[K\r\x1b[K'],
  [false, 10_000, 'copied 12,000 of 100,000 items, 2.4 MB/s, 73 s left\n'],
])('is not shown too often (terminal: %s)', (isTTY, everyMs, expected) => {
  let shown = ''
  let nowMs = 5
  const raw = {isTTY, write: (text: string) => (shown += text)}
  const stderr = new TextOutput(raw as unknown as NodeJS.WriteStream)
  const progress = new TransferProgress({stderr, verb: 'copied', now: () => nowMs})
  nowMs += everyMs - 1
  progress.show(moved)
  expect(shown).toBe('')
  nowMs += 1
  progress.show(moved)
  progress.show(moved)
  progress.clear()
  expect(shown).toBe(expected)
})
