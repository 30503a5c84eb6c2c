import {countOf} from '../measure/accounts.js'
import type {LoadDelta} from '../measure/recorder.js'

/** Connections that failed since the report before, by kind. */
export function newFailures(delta: LoadDelta, before: LoadDelta | undefined): Record<string, number> {
  const news: Record<string, number> = {}
  for (const [kind, count] of Object.entries(delta.connectionErrors)) {
    const more = count - countOf(before?.connectionErrors ?? {}, kind)
    if (more > 0) news[kind] = more
  }
  return news
}
