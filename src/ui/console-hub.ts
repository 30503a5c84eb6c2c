import {formatAddress} from '../protocol/address.js'
import type {ClusterNode} from '../server/cluster-node.js'
import type {TranscriptEntry} from '../telnet/transcript.js'
import type {UiConsole, UiPorts} from './ports.js'
import type {ConsoleView} from './state/console-state.js'

// Fast enough to feel immediate, slow enough that a long reply is a few frames and not a hundred.
const REFRESH_MS = 30
const PAST_ENTRIES_KEPT = 2000

interface Slot {
  readonly node: ClusterNode
  session: UiConsole
  /** Start of the node's process that the session was opened to. */
  nodeStartedAtMs: number | null
  /** Transcripts of earlier sessions. */
  past: readonly TranscriptEntry[]
}

/** One console session per node, opened when they are first wanted and again when a node came back. */
export class ConsoleHub {
  readonly #ports: Pick<UiPorts, 'nodes' | 'openConsole'>
  readonly #onViews: (views: readonly ConsoleView[]) => void
  readonly #slots = new Map<string, Slot>()
  #timer: NodeJS.Timeout | undefined

  constructor(ports: Pick<UiPorts, 'nodes' | 'openConsole'>, onViews: (views: readonly ConsoleView[]) => void) {
    this.#ports = ports
    this.#onViews = onViews
  }

  /** Opens what is not open, where the node is up. */
  openAll(): void {
    for (const node of this.#ports.nodes()) {
      const slot = this.#slots.get(node.name)
      if (slot === undefined) this.#slots.set(node.name, this.#newSlot(node))
      else if (slot.session.state() === 'closed' && node.status().state === 'up') this.#reopen(slot)
    }
    this.#refreshSoon()
  }

  /** A session that its node's death ended is opened again once the node is back. */
  reopenRestarted(): void {
    for (const slot of this.#slots.values()) {
      const {state, startedAtMs} = slot.node.status()
      const restarted = startedAtMs !== slot.nodeStartedAtMs
      if (restarted && state === 'up' && slot.session.state() === 'closed') this.#reopen(slot)
    }
  }

  /** Sends a line; a closed session is opened again for it, as a person would call telnet again. */
  send(name: string, line: string): void {
    const slot = this.#slots.get(name)
    if (slot === undefined) return
    if (slot.session.state() === 'closed') this.#reopen(slot)
    slot.session.send(line)
    this.#refreshSoon()
  }

  close(): void {
    clearTimeout(this.#timer)
    for (const {session} of this.#slots.values()) session.close()
    this.#slots.clear()
  }

  #newSlot(node: ClusterNode): Slot {
    return {
      node,
      session: this.#open(node),
      nodeStartedAtMs: node.status().startedAtMs,
      past: [],
    }
  }

  #reopen(slot: Slot): void {
    slot.session.close()
    slot.past = [...slot.past, ...slot.session.entries()].slice(-PAST_ENTRIES_KEPT)
    slot.session = this.#open(slot.node)
    slot.nodeStartedAtMs = slot.node.status().startedAtMs
    this.#refreshSoon()
  }

  #open({address}: ClusterNode): UiConsole {
    return this.#ports.openConsole({address, onChange: () => this.#refreshSoon()})
  }

  #refreshSoon(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined
      this.#onViews(Array.from(this.#slots.values(), viewOf))
    }, REFRESH_MS)
  }
}

function viewOf({node, session, past}: Slot): ConsoleView {
  return {
    node: node.name,
    address: formatAddress(node.address),
    state: session.state(),
    entries: past.length === 0 ? session.entries() : [...past, ...session.entries()],
    dataBytesExpected: session.dataBytesExpected(),
  }
}
