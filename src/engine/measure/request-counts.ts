/** Requests to nodes, by the names of the nodes' own counters. */
export interface Requests {
  /** Connections opened. */
  readonly connections: number
  /** Keys of reads (`cmd_get`). */
  readonly gets: number
  /** Commands that store a value, second halves of cas included (`cmd_set`). */
  readonly sets: number
  readonly deletes: number
  /** incr and decr. */
  readonly counters: number
  readonly touches: number
}

/** The same, mutable. */
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

/** Adds requests to a count. */
export function addRequests(to: RequestCount, more: Requests): void {
  for (const name of Object.keys(to) as (keyof Requests)[]) to[name] += more[name]
}

export function sumRequests(parts: readonly Requests[]): Requests {
  const sum = noRequests()
  for (const part of parts) addRequests(sum, part)
  return sum
}
