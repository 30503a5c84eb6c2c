import {UsageError} from '../../app/errors.js'
import {listRuns} from '../../history/run-history.js'

/**
 * The file of a run: a file's name, a number in the history (1 is the oldest),
 * `last` or `last-1` and so on.
 */
export async function findRun(text: string, env: NodeJS.ProcessEnv): Promise<string> {
  const fromEnd = /^last(?:-(\d+))?$/.exec(text)
  const number = /^\d+$/.test(text) ? Number(text) : null
  if (fromEnd === null && number === null) return text
  const runs = await listRuns(env)
  const place = number ?? runs.length - Number(fromEnd?.[1] ?? 0)
  const path = runs[place - 1]
  if (path !== undefined) return path
  const kept = runs.length === 0 ? 'no runs' : runs.length === 1 ? 'one run' : `runs 1 to ${runs.length}`
  throw new UsageError(`Expected a run of the history, which has ${kept}, got '${text}'`)
}
