import type {Address} from '../../protocol/address.js'
import {AskError, type AskErrorCode} from '../ask-error.js'
import {lookAtServer} from './look-at-server.js'
import {LookError} from './look-error.js'

/** Answers that a memcached in good health does not give. */
const strange: ReadonlySet<AskErrorCode> = new Set([
  'ERR_ASK_CLOSED',
  'ERR_ASK_RESET',
  'ERR_ASK_TOO_LONG',
  'ERR_ASK_REPLY',
])

/**
 * Finds out what a server is that is polled and does not answer as a memcached: looks once, and again only after it has
 * answered.
 */
export class LookOnce {
  readonly #address: Address
  #look: Promise<string | null> | null = null

  constructor(address: Address) {
    this.#address = address
  }

  /** It answers as a memcached does. */
  forget(): void {
    this.#look = null
  }

  /** What is there, after `it`, as in `it speaks TLS`; null where that cannot be told, or not within that time. */
  async explain(error: unknown, {timeoutMs}: {timeoutMs: number}): Promise<string | null> {
    if (!(error instanceof AskError) || !strange.has(error.code)) return null
    this.#look ??= this.#lookAt()
    const {promise: late, resolve} = Promise.withResolvers<null>()
    const timer = setTimeout(() => resolve(null), Math.max(0, timeoutMs))
    try {
      return await Promise.race([this.#look, late])
    } finally {
      clearTimeout(timer)
    }
  }

  async #lookAt(): Promise<string | null> {
    try {
      await lookAtServer(this.#address)
    } catch (error) {
      if (error instanceof LookError && error.code !== 'ERR_UNREACHABLE') return error.says
    }
    // Nobody was there, or a memcached after all.
    this.#look = null
    return null
  }
}
