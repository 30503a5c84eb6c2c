import {InvalidArgumentError} from 'commander'
import type {FieldSpec, FormValues} from '../../ui/ports/form-spec.js'
import {UsageError} from '../app/errors.js'
import {readRepeat} from '../load-settings/readers.js'

/** The options of `repbench load` that are about its report, as fields of a form; no part of a saved file. */
export const reportFields: readonly FieldSpec[] = [
  {
    name: 'repeat',
    label: 'repeat',
    hint: 'run it so often on the nodes as they are; the report has medians and spread',
    group: 'Report',
  },
  {
    name: 'check',
    label: 'check',
    hint: 'with verify: read every key from the nodes after the load',
    choices: ['on', 'off'],
  },
  {
    name: 'findings',
    label: 'findings',
    hint: 'with verify: a file for every key that is not as it should be, one JSON line each',
  },
  {
    name: 'hgrm',
    label: 'hgrm',
    hint: 'a file for the response times as an HdrHistogram percentile distribution, in ms',
  },
]

export interface ReportWishes {
  readonly repeat: number
  /** False: the nodes are not read after a load with verification. */
  readonly check: boolean
  readonly findings?: string
  readonly hgrm?: string
}

/** @throws UsageError for what is none, in one line */
export function readReportFields({repeat, check, findings, hgrm}: FormValues): ReportWishes {
  return {
    repeat: repeat === undefined ? 1 : asUsage(() => readRepeat(repeat)),
    check: check !== 'off',
    ...(isGiven(findings) ? {findings} : {}),
    ...(isGiven(hgrm) ? {hgrm} : {}),
  }
}

/** What is wrong with them, for a load with verification or without. */
export function problemsOfReport({repeat, check, findings}: FormValues, verify: boolean): FormValues {
  const needed = check === 'off' ? 'check on' : 'verify on'
  return {
    ...problemOfRepeat(repeat),
    ...(isGiven(findings) && (!verify || check === 'off')
      ? {findings: `Expected a file of findings with ${needed}, got it without`}
      : {}),
  }
}

function problemOfRepeat(repeat: string | undefined): FormValues {
  try {
    if (repeat !== undefined) readRepeat(repeat)
    return {}
  } catch (error) {
    if (error instanceof InvalidArgumentError) return {repeat: error.message}
    throw error
  }
}

function asUsage<Value>(read: () => Value): Value {
  try {
    return read()
  } catch (error) {
    if (error instanceof InvalidArgumentError) throw new UsageError(error.message, {cause: error})
    throw error
  }
}

/** A field that was emptied is none. */
function isGiven(text: string | undefined): text is string {
  return text !== undefined && text.trim() !== ''
}
