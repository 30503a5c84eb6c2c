import type {Verdict} from '../../engine/measure/verdict.js'

/** What repbench's exit status means (docs/cli.md). */
export const exitCodes = {
  pass: 0,
  fail: 1,
  usage: 2,
  unknown: 3,
  internal: 70,
  interrupted: 130,
} as const

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]

export function exitCodeOfVerdict(verdict: Verdict): ExitCode {
  return exitCodes[verdict]
}
