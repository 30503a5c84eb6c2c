import {type Address, formatAddress} from '../../../protocol/address.js'
import type {ClusterNode} from '../../../server/node-api/cluster-node.js'
import type {ConsoleAnswer, ConsolePort} from '../../ports/console-port.js'
import type {UiPorts} from '../../ports/ui-ports.js'
import {ConsoleSlot} from './console-slot.js'
import type {SessionView} from './state/console-state.js'

// Fast enough to feel immediate, slow enough that a long reply is a few frames and not a hundred.
const REFRESH_MS = 30

type HubPorts = Pick<UiPorts, 'nodes' | 'pairs'> & {readonly consoles: Omit<ConsolePort, 'history'>}

/**
 * One console session per node, and one for each address that was opened besides.
 * They are opened when they are first wanted, and again when the node is back.
 */
export class ConsoleHub {
  readonly #ports: HubPorts
  readonly #onViews: (views: readonly SessionView[]) => void
  readonly #slots = new Map<string, ConsoleSlot>()
  #timer: NodeJS.Timeout | undefined

  constructor(ports: HubPorts, onViews: (views: readonly SessionView[]) => void) {
    this.#ports = ports
    this.#onViews = onViews
  }

  /** Opens what is not open, where the node is up. */
  openAll(): void {
    for (const node of this.#ports.nodes()) {
      const slot = this.#slots.get(node.name)
      if (slot === undefined) this.#add(node.name, node.address, node)
      else slot.reopen()
    }
    this.#refreshSoon()
  }

  /** Opens a session to any address, beside those of the nodes. */
  openAddress(address: Address): void {
    const name = formatAddress(address)
    const slot = this.#slots.get(name)
    if (slot === undefined) this.#add(name, address, null)
    else slot.reopen()
    this.#refreshSoon()
  }

  /** To be called often: a session that was lost is opened again once the node is back. */
  tick(): void {
    let changed = false
    for (const slot of this.#slots.values()) changed = slot.tick() || changed
    for (const [name, slot] of this.#slots) {
      const gone = slot.node !== null && !this.#ports.nodes().includes(slot.node)
      if (!gone) continue
      // Detached, or replaced by another node of that name.
      slot.close()
      this.#slots.delete(name)
      changed = true
    }
    if (changed) this.#refreshSoon()
  }

  /** Whether the next line is a command, and no part of a data block. */
  isIdle(name: string): boolean {
    return this.#slots.get(name)?.session.dataBytesExpected() == null
  }

  /** Sends a line; a closed session is opened again for it, as a person would call telnet again. */
  send(name: string, line: string): void {
    this.#slots.get(name)?.send(line)
    this.#refreshSoon()
  }

  /** Ends one session; of an address that is no node's, its pane too. */
  end(name: string): void {
    const slot = this.#slots.get(name)
    if (slot?.node === null) {
      slot.close()
      this.#slots.delete(name)
    } else slot?.end()
    this.#refreshSoon()
  }

  /** Reads a key on every node that is connected. */
  checkKey(key: string): Promise<ConsoleAnswer> {
    const sessions = Array.from(this.#slots.values(), slot => slot.session).filter(
      session => session.state() === 'connected',
    )
    return this.#ports.consoles.checkKey({key, sessions})
  }

  /** Sends a transcript again; lines that name no node go to the target. */
  replay(file: string, target: string): Promise<ConsoleAnswer> {
    const slots = [...this.#slots].sort(([a], [b]) => Number(b === target) - Number(a === target))
    return this.#ports.consoles.replay({file, sessions: slots.map(([, {session}]) => session)})
  }

  save(): Promise<string> {
    return this.#ports.consoles.save(this.#views())
  }

  close(): void {
    clearTimeout(this.#timer)
    for (const slot of this.#slots.values()) slot.close()
    this.#slots.clear()
  }

  #add(name: string, address: Address, node: ClusterNode | null): void {
    const open = () =>
      this.#ports.consoles.open({name, address, group: this.#groupOf(node), onChange: () => this.#refreshSoon()})
    this.#slots.set(name, new ConsoleSlot({node, open}))
  }

  #groupOf(node: ClusterNode | null): string | null {
    const pair = this.#ports.pairs().find(({master, slave}) => node === master || node === slave)
    return pair === undefined ? null : `${pair.master.name}+${pair.slave.name}`
  }

  #refreshSoon(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined
      this.#onViews(this.#views())
    }, REFRESH_MS)
  }

  #views(): SessionView[] {
    return Array.from(this.#slots, ([name, slot]) => slot.view(name))
  }
}
