import type net from 'node:net'

/** What a server does that is none, is in trouble, or means harm. */
export interface Hostility {
  readonly name: string
  /** What it does, in a few words. */
  readonly does: string
  /** One connection. */
  readonly meet: (socket: net.Socket) => void
}
