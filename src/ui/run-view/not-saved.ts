/** What stands in the place of a path where a result could not be kept. */
export function notSaved(problem?: string): string {
  return problem === undefined ? 'not saved' : `not saved: ${problem}`
}
