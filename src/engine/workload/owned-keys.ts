/**
 * With verification each key is written by one connection: key k by connection
 * (k − 1) mod connections.
 * @returns the key next to the drawn one that a connection may write
 */
export function ownedKey(drawn: number, {index, connections, keyCount}: KeyOwner): number {
  const place = drawn - 1
  const own = place - (place % connections) + index
  return (own < keyCount ? own : own - connections) + 1
}

/**
 * Where keys are shared among servers, connection c and its keys begin at
 * server c mod servers.
 * @returns the drawn key, or the next one of the connection's server
 */
export function keyOfServer(drawn: number, {index, connections, keyCount}: KeyOwner, servers: number): number {
  for (let step = 0; step < connections; step++) {
    const place = (drawn - 1 + step) % keyCount
    if ((place % connections) % servers === index % servers) return place + 1
  }
  return drawn
}

export interface KeyOwner {
  /** Of the connection, from 0. */
  readonly index: number
  readonly connections: number
  /** No less than connections. */
  readonly keyCount: number
}
