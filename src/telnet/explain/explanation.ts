/** Meaning of one line of a session. */
export interface Explanation {
  readonly meaning: string
  /** What to do about it; null when there is nothing to do. */
  readonly advice: string | null
}

/** Lines of a form, and what they mean; the first row whose pattern fits counts. */
export interface ExplanationRow extends Explanation {
  readonly pattern: RegExp
}

export function row(pattern: RegExp, meaning: string, advice: string | null = null): ExplanationRow {
  return {pattern, meaning, advice}
}
