import {setTimeout as delay} from 'node:timers/promises'
import {Exchange} from '../../ask/exchange.js'
import type {VerifyNode} from './nodes.js'

export interface ProbingOptions {
  /** How long a write may take to be seen. */
  readonly waitLimitMs: number
  readonly signal: AbortSignal
}

const PAUSE_MS = 5

/** Questions to nodes, on one connection each that is opened when it is needed, and again after it was lost. */
export class Probing {
  readonly waitLimitMs: number
  readonly #signal: AbortSignal
  readonly #connections = new Map<VerifyNode, Exchange>()

  constructor({waitLimitMs, signal}: ProbingOptions) {
    this.waitLimitMs = waitLimitMs
    this.#signal = signal
  }

  /** @throws AskError when the node does not answer */
  async ask(node: VerifyNode, command: string): Promise<string> {
    const connection = this.#connections.get(node) ?? (await this.#connect(node))
    this.#connections.set(node, connection)
    try {
      return await connection.ask(command, {timeoutMs: this.waitLimitMs})
    } catch (error) {
      this.#connections.delete(node)
      connection.close()
      throw error
    }
  }

  /** On a connection of its own, so that others may be under way. @throws AskError when the node does not answer */
  async askAlone(node: VerifyNode, command: string): Promise<string> {
    const connection = await this.#connect(node)
    try {
      return await connection.ask(command, {timeoutMs: this.waitLimitMs})
    } finally {
      connection.close()
    }
  }

  /** Asks until the answer is the expected one, or one of several. @returns whether it was within the limit */
  async becomes(
    node: VerifyNode,
    command: string,
    expected: string | readonly string[],
    withinMs = this.waitLimitMs,
  ): Promise<boolean> {
    const limitMs = performance.now() + withinMs
    const wanted = [expected].flat()
    while (!wanted.includes(await this.ask(node, command))) {
      if (performance.now() >= limitMs) return false
      await delay(PAUSE_MS, undefined, {signal: this.#signal})
    }
    return true
  }

  close(): void {
    for (const connection of this.#connections.values()) connection.close()
    this.#connections.clear()
  }

  #connect(node: VerifyNode): Promise<Exchange> {
    return Exchange.connect(node.address, {signal: this.#signal, timeoutMs: this.waitLimitMs})
  }
}
