import {messageOf} from '../../protocol/errors.js'
import type {OutsideEffect, QuitReason} from '../core/effect.js'
import type {ScreenId} from '../core/part-types.js'
import type {ScreenEffects, Services} from '../core/screen.js'
import type {TerminalControl} from '../paint/terminal-control.js'
import {screens} from './commands/screens.js'

export interface EffectsOptions extends Services {
  readonly terminal: Pick<TerminalControl, 'copy' | 'suspend'>
  readonly onQuit: (reason: QuitReason) => void
}

/** Carries out what the state asks for, and tells the state how it went. Requests of a screen go to its own effects. */
export class Effects {
  readonly #options: EffectsOptions
  readonly #ofScreens: ReadonlyMap<ScreenId, ScreenEffects>

  constructor(options: EffectsOptions) {
    this.#options = options
    this.#ofScreens = new Map(screens.map(screen => [screen.id, screen.effects(options)]))
  }

  carryOut(effect: OutsideEffect): void {
    const {terminal, onQuit} = this.#options
    switch (effect.type) {
      case 'copy':
        this.#notice('ok', terminal.copy(effect))
        break
      case 'saveText':
        void this.#save(effect)
        break
      case 'suspend':
        void this.#suspend()
        break
      case 'quit':
        onQuit(effect.reason)
        break
      default:
        this.#ofScreens.get(effect.type)?.carryOut(effect.request)
    }
  }

  /** After each sample. */
  onTick(): void {
    for (const effects of this.#ofScreens.values()) effects.onTick?.()
  }

  /** Ends what runs, and waits for its result. */
  async finish(): Promise<void> {
    await Promise.all(Array.from(this.#ofScreens.values(), effects => effects.finish?.()))
  }

  close(): void {
    for (const effects of this.#ofScreens.values()) effects.close?.()
  }

  async #save({name, text, what}: Extract<OutsideEffect, {type: 'saveText'}>): Promise<void> {
    try {
      this.#notice('ok', `Saved ${what} as ${await this.#options.ports.saveText({name, text})}`)
    } catch (error) {
      this.#notice('bad', messageOf(error))
    }
  }

  async #suspend(): Promise<void> {
    const stopped = await this.#options.terminal.suspend().catch(() => false)
    if (!stopped) this.#notice('bad', 'Cannot suspend: no parent shell with job control')
  }

  #notice(tone: 'ok' | 'bad', text: string): void {
    this.#options.dispatch({type: 'notice', notice: {tone, text}})
  }
}
