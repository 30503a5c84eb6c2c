import {expect, test} from 'vitest'
import {UsageError} from '../../../src/cli/app/errors.js'
import {exitCodeOfRounds, reportError} from '../../../src/cli/app/report-error.js'
import {TextOutput} from '../../../src/cli/app/text-output.js'
import {RepbenchError} from '../../../src/protocol/errors.js'

function told() {
  const lines: string[] = []
  const stderr = new TextOutput({write: (text: string) => lines.push(text)} as unknown as NodeJS.WriteStream)
  return {lines, context: {stderr, env: {}}}
}

test.each([
  [new UsageError('Expected a port'), 2, 'repbench: Expected a port\n'],
  [new RepbenchError('ERR_OUT_FILE', 'disk full'), 1, 'repbench: disk full\n'],
  [Object.assign(new Error('x'), {code: 'ENOSPC', syscall: 'write'}), 1, 'repbench: write: ENOSPC\n'],
  [new Error('a bug'), 70, 'repbench: internal error: a bug (REPBENCH_DEBUG=1 shows where)\n'],
])('an error is one line and an exit status: %s', (error, code, line) => {
  const {lines, context} = told()
  expect(reportError(error, context)).toBe(code)
  expect(lines).toEqual([line])
})

test('rounds that could not be run leave the verdict of the others; a bug stays one', () => {
  const {lines, context} = told()
  expect(exitCodeOfRounds('pass', undefined, context)).toBe(0)
  expect(lines).toEqual([])
  expect(exitCodeOfRounds('unknown', new UsageError('no port is free'), context)).toBe(3)
  expect(exitCodeOfRounds('fail', new UsageError('no port is free'), context)).toBe(1)
  expect(exitCodeOfRounds('unknown', new Error('a bug'), context)).toBe(70)
  expect(lines[0]).toBe('repbench: no port is free\n')
})
