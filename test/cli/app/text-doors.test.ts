import {readdirSync, readFileSync} from 'node:fs'
import {fileURLToPath} from 'node:url'
import {expect, it} from 'vitest'

const source = fileURLToPath(new URL('../../../src', import.meta.url))

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
    'cli/commands/baseline/pair-outcome.ts',
    'cli/profiles/write-profile.ts',
    'cli/documents/text/policy-text.ts',
  ]
  expect(modulesWith(/JSON\.stringify\(/, /^cli\//)).toEqual(elsewhere.sort())
})

it('only who draws, or hands on bytes, writes past the escaping of stdout and stderr', () => {
  expect(modulesWith(/\.raw\b|\['raw']/, /^cli\//)).toEqual(
    [
      'cli/commands/console/console-command.ts',
      // The bytes of a dump; its text form is made safe where it is rendered.
      'cli/commands/dump/open-output.ts',
      'cli/commands/tui/tui-command.ts',
      'cli/commands/console/interactive-console.ts',
      'cli/commands/node/run-node.ts',
      'cli/documents/text/key-progress.ts',
      'cli/documents/text/run-progress.ts',
      'cli/transfer/transfer-progress.ts',
      'cli/app/text-output.ts',
      'cli/commands/top/live-screen.ts',
    ].sort(),
  )
  expect(modulesWith(/process\.(stdout|stderr)\b/)).toEqual(
    ['cli/main.ts', 'cli/app/shutdown.ts', 'cli/stdio/standard-streams.ts'].sort(),
  )
})

it('escape sequences are written by few', () => {
  expect(modulesWith(/\\x1b|\\u001b/i)).toEqual(
    [
      'cli/commands/console/interactive-console.ts',
      'cli/documents/text/key-progress.ts',
      'cli/documents/text/run-progress.ts',
      'cli/transfer/transfer-progress.ts',
      'cli/commands/top/live-screen.ts',
      'ui/core/key-press.ts',
      'ui/paint/screen-rows.ts',
      'ui/paint/painter.ts',
      'ui/paint/terminal-control.ts',
      'ui/draw/theme.ts',
    ].sort(),
  )
})
