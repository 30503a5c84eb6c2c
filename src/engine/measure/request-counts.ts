/** What was asked of nodes, by the names of what they count themselves. */
export interface Requests {
  /** That were open, each time anew. */
  readonly connections: number
  /** Keys of reads (`cmd_get`). */
  readonly gets: number
  /** Whatever stores a value, the second halves of cas among them (`cmd_set`). */
  readonly sets: number
  readonly deletes: number
  /** incr and decr. */
  readonly counters: number
  readonly touches: number
}

/** The same while it is being counted. */
export type RequestCount = {-readonly [Name in keyof Requests]: number}

export function noRequests(): RequestCount {
  return {connections: 0, gets: 0, sets: 0, deletes: 0, counters: 0, touches: 0}
}

export function probeRequests({
  connections,
  gets,
  sets,
  deletes,
}: Pick<Requests, 'connections' | 'gets' | 'sets' | 'deletes'>): Requests {
  return {...noRequests(), connections, gets, sets, deletes}
}

/** Adds to a count. */
export function addRequests(to: RequestCount, more: Requests): void {
  for (const name of Object.keys(to) as (keyof Requests)[]) to[name] += more[name]
}

export function sumRequests(parts: readonly Requests[]): Requests {
  const sum = noRequests()
  for (const part of parts) addRequests(sum, part)
  return sum
}
