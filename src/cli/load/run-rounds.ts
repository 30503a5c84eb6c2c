/**
 * Makes one run after the other until there are so many or it is ended. What was measured before a run could not be
 * made is worth its report.
 */
export async function runRepeatedly<Run>(
  {repeat, signal}: {readonly repeat: number; readonly signal: AbortSignal},
  runOnce: (round: number) => Promise<Run>,
): Promise<{runs: readonly Run[]; failure?: unknown}> {
  const runs: Run[] = []
  try {
    while (runs.length < repeat && !signal.aborted) runs.push(await runOnce(runs.length + 1))
    return {runs}
  } catch (failure) {
    return {runs, failure}
  }
}
