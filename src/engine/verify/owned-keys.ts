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

export interface KeyOwner {
  /** Of the connection, from 0. */
  readonly index: number
  readonly connections: number
  /** No less than connections. */
  readonly keyCount: number
}
