import type {NodeEvent, NodeEventFacts, NodeEventKind} from './node-event.js'

/** The listeners of one node, or of one pair: stamps each event with both clocks and tells them all. */
export class NodeEvents {
  readonly #node: string
  readonly #listeners = new Set<(event: NodeEvent) => void>()

  /** @param node name of the node, or of the pair */
  constructor(node: string) {
    this.#node = node
  }

  /** Calls back for every event until the returned function is called. */
  readonly onEvent = (listener: (event: NodeEvent) => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Tells an event of now. */
  readonly report = (kind: NodeEventKind, text: string, facts?: NodeEventFacts): void => {
    const common = {monotonicMs: performance.now(), atMs: Date.now(), node: this.#node, kind, text}
    const event: NodeEvent = facts === undefined ? common : {...common, facts}
    for (const listener of this.#listeners) listener(event)
  }

  /** Drops all listeners. */
  close(): void {
    this.#listeners.clear()
  }
}
