/** Unknown: a check that could not be made is not a pass. */
export type Verdict = 'pass' | 'fail' | 'unknown'

/** One failure fails all; else one unknown leaves all unknown. */
export function worstVerdict(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes('fail')) return 'fail'
  return verdicts.includes('unknown') ? 'unknown' : 'pass'
}
