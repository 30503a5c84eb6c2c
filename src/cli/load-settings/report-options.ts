import type {Assertion} from '../../engine/assertions/assertion.js'
import {runMeasures} from '../../engine/assertions/run-measures.js'
import type {RunResult} from '../../engine/result/run-result.js'
import type {FormValues} from '../../ui/ports/form-spec.js'
import {UsageError} from '../app/errors.js'
import {assertionReader} from '../options/assertions.js'
import {readFields} from '../options/form-fields.js'
import {type OptionSpec, type OptionTable, type OptionValues, optionsOf} from '../options/option-spec.js'
import {readRepeat} from './readers.js'

const valued = <Value>(option: OptionSpec<Value> & {readonly value: string}): OptionSpec<Value> => option
const onOff = (option: OptionSpec<boolean>): OptionSpec<boolean> => option
const readAssertion = assertionReader(runMeasures)

/** Options of `repbench load` about its verdict and report that are fields of its form, too; no part of a profile file. */
export const reportOptions = {
  assert: valued<readonly Assertion<RunResult>[]>({
    value: '<expr>',
    summary: 'fail unless it holds, such as "p99<2ms" (repeatable)',
    hint: 'assertions with a blank between them, such as p99<2ms errors==0; they are not part of a saved file',
    group: 'What passes',
    read: readAssertion,
  }),
  repeat: valued({
    value: '<N>',
    summary: 'repeat N times on the nodes as they are; the report has medians and spread',
    default: '1',
    group: 'Report',
    read: readRepeat,
  }),
  check: onOff({
    summary: 'with --verify: do not read every key from the nodes after the load',
    hint: 'with verify: read every key from the nodes after the load',
    default: 'on',
  }),
  findings: valued<string>({
    value: '<file>',
    summary: 'with --verify: write each wrong key (lost, stale, diverged …) to a file, as JSON lines',
    hint: 'with verify: a file for each wrong key (lost, stale, diverged …), as JSON lines',
  }),
  hgrm: valued<string>({
    value: '<file>',
    summary: 'write the response times as an HdrHistogram percentile distribution, in ms',
  }),
} satisfies OptionTable

/** The same as fields: all assertions are one. */
export const reportFields = optionsOf({...reportOptions, assert: {...reportOptions.assert, read: readAll}})

export interface ReportWishes {
  readonly repeat: number
  /** False: the nodes are not read after a load with verification. */
  readonly check: boolean
  readonly findings?: string
  readonly hgrm?: string
}

/** @throws UsageError for what is none, in one line */
export function readReportFields(given: FormValues): ReportWishes {
  const {repeat = 1, check = true, findings, hgrm} = readSound(given)
  return {
    repeat,
    check,
    ...(isGiven(findings) ? {findings} : {}),
    ...(isGiven(hgrm) ? {hgrm} : {}),
  }
}

/** @throws UsageError for what is none, in one line */
export function readAssertions(given: FormValues): readonly Assertion<RunResult>[] {
  return readSound(given).assert ?? []
}

/** What is wrong with them, for a load with verification or without. */
export function problemsOfReport(given: FormValues, verify: boolean): FormValues {
  const {check, findings} = given
  const needed = check === 'off' ? 'check on' : 'verify on'
  return {
    ...readFields(reportFields, given).problems,
    ...(isGiven(findings) && (!verify || check === 'off')
      ? {findings: `Expected a file of findings with ${needed}, got it without`}
      : {}),
  }
}

function readSound(given: FormValues): OptionValues<typeof reportOptions> {
  const {values, problems} = readFields<OptionValues<typeof reportOptions>>(reportFields, given)
  const [problem] = Object.values(problems)
  if (problem !== undefined) throw new UsageError(problem)
  return values
}

/** Several with blanks between them. */
function readAll(text: string): readonly Assertion<RunResult>[] {
  return text
    .split(/\s+/)
    .filter(Boolean)
    .flatMap(expr => readAssertion(expr))
}

/** A field that was emptied is none. */
function isGiven(text: string | undefined): text is string {
  return text !== undefined && text.trim() !== ''
}
