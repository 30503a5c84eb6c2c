import {messageOf} from '../../../../protocol/errors.js'
import type {Action} from '../../../core/action.js'
import type {UiPorts} from '../../../ports/ui-ports.js'

const READ_EVERY_MS = 1000

/** Reads the slab classes of the node that is being looked at, once a second. */
export class SlabWatch {
  readonly #ports: Pick<UiPorts, 'nodes' | 'slabs'>
  readonly #dispatch: (action: Action) => void
  #node: string | null = null
  #timer: NodeJS.Timeout | undefined

  constructor({ports, dispatch}: {ports: Pick<UiPorts, 'nodes' | 'slabs'>; dispatch: (action: Action) => void}) {
    this.#ports = ports
    this.#dispatch = dispatch
  }

  /** null: nobody looks. */
  watch(node: string | null): void {
    clearTimeout(this.#timer)
    this.#node = node
    if (node !== null) void this.#read(node)
  }

  async #read(name: string): Promise<void> {
    const node = this.#ports.nodes().find(candidate => candidate.name === name)
    if (node === undefined) return
    let lines: readonly string[]
    try {
      lines = await this.#ports.slabs(node)
    } catch (error) {
      lines = [`${name} does not answer: ${messageOf(error)}`]
    }
    if (this.#node !== name) return
    this.#dispatch({type: 'slabs', node: name, lines})
    this.#timer = setTimeout(() => void this.#read(name), READ_EVERY_MS)
  }
}
