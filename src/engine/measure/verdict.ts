/** Result of a check; unknown when it could not be made, which is not a pass. */
export type Verdict = 'pass' | 'fail' | 'unknown'

/** The worst of several verdicts: fail, then unknown, then pass. */
export function worstVerdict(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes('fail')) return 'fail'
  return verdicts.includes('unknown') ? 'unknown' : 'pass'
}
