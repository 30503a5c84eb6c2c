import {readdirSync, readFileSync} from 'node:fs'
import {fileURLToPath} from 'node:url'
import {expect, it} from 'vitest'

const source = fileURLToPath(new URL('../../src', import.meta.url))

/** Modules of src/ that do what only few may, as its text shows. */
function modulesWith(pattern: RegExp, folder: RegExp = /./): string[] {
  return readdirSync(source, {recursive: true, encoding: 'utf8'})
    .filter(
      file => /\.tsx?$/.test(file) && folder.test(file) && pattern.test(readFileSync(`${source}/${file}`, 'utf8')),
    )
    .sort()
}

it('JSON is printed and saved through one module, whose text cannot change a terminal', () => {
  const elsewhere = [
    // They compare, or say it within an error.
    'cli/baseline/pair-outcome.ts',
    'cli/load/write-profile.ts',
    'cli/reports/policy-text.ts',
  ]
  expect(modulesWith(/JSON\.stringify\(/, /^cli\//)).toEqual(elsewhere)
})

it('only who draws, or hands on bytes, writes past the escaping of stdout and stderr', () => {
  expect(modulesWith(/\.raw\b|\['raw']/, /^cli\//)).toEqual([
    'cli/commands/console.ts',
    'cli/commands/tui.ts',
    'cli/interactive-console.ts',
    'cli/node/run-node.ts',
    'cli/reports/key-progress.ts',
    'cli/reports/run-progress.ts',
    'cli/text-output.ts',
    'cli/top/live-screen.ts',
  ])
  expect(modulesWith(/process\.(stdout|stderr)\b/)).toEqual([
    'cli/main.ts',
    'cli/shutdown.ts',
    'cli/stdio/standard-streams.ts',
  ])
})

it('escape sequences are written by few', () => {
  expect(modulesWith(/\\x1b|\\u001b/i)).toEqual([
    'cli/interactive-console.ts',
    'cli/reports/key-progress.ts',
    'cli/reports/run-progress.ts',
    'cli/top/live-screen.ts',
    'ui/chords.ts',
    'ui/draw/screen-rows.ts',
    'ui/painter.ts',
    'ui/terminal-control.ts',
    'ui/theme.ts',
  ])
})
