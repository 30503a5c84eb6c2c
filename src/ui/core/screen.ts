import type {ReactNode} from 'react'
import type {WindowSize} from '../draw/layout.js'
import type {Span} from '../draw/text.js'
import type {UiPorts} from '../ports/ui-ports.js'
import type {Action, Sample} from './action.js'
import type {Binding, Mode} from './binding.js'
import type {OutsideEffect, Step} from './effect.js'
import type {ScreenEvents, ScreenId, ScreenRequests, ScreenStates} from './part-types.js'
import type {Busy, UiState} from './ui-state.js'

export type Command = (state: UiState) => Step<UiState>

/** Lines to scroll, for a pane of that height; negative: back. */
export type LinesOf = (height: number) => number

/**
 * A screen: all that the shell knows of it. Its folder has its keys, its state and commands (`state/`), its effects and
 * its view; its type parameters are filled in at core/part-types.ts; shell/commands/screens.ts lists it.
 */
export interface Screen<Id extends ScreenId = ScreenId> {
  readonly id: Id
  /** As the header names it. */
  readonly title: string
  /** Its fields of the state, as they are at first. */
  readonly initial: Partial<ScreenStates>
  readonly bindings: readonly Binding[]
  readonly commands: Readonly<Record<string, Command>>
  /** The screen comes into sight, at what `target` names; null: as it was left. */
  open(state: UiState, target: string | null): Step<UiState>
  /** Takes in the result of a request. */
  reduce(state: UiState, event: ScreenEvents[Id]): UiState
  /** Takes in what was sampled since the last tick. */
  onSample?(state: UiState, sample: Sample): UiState
  /** One level back on this screen; null: esc leaves it. */
  back(state: UiState): UiState | null
  /** Marks the next line, or the one before. */
  move(state: UiState, by: 1 | -1): Step<UiState>
  scroll(state: UiState, linesOf: LinesOf): Step<UiState>
  /** Whether the footer names the keys that scroll. @default true */
  canScroll?(state: UiState): boolean
  /** Meaning of keys while nothing lies over the screen. @default 'nav' */
  mode?(state: UiState): Mode
  /** Where typed text goes, in the modes insert and filter. */
  readonly typing?: Typing
  /** What `?` does instead of showing the help; null: nothing of its own. */
  help?(state: UiState): Step<UiState> | null
  /** A load or a drill that runs here; null: nothing runs. */
  busy?(state: UiState): Busy | null
  /** What the header says of it, on every screen. */
  status?(state: UiState): readonly Span[]
  /** What the palette does besides what keys do. */
  readonly paletteCommands?: readonly PaletteCommand[] | ((session: UiState['session']) => readonly PaletteCommand[])
  /** Asked for once the UI is on the terminal. */
  readonly atStart?: readonly OutsideEffect[]
  effects(services: Services): ScreenEffects<Id>
  View(props: {readonly size: WindowSize}): ReactNode
}

/** Text that keys go into. */
export interface Typing {
  type(state: UiState, text: string): UiState
  /** Of a console: a pasted text may be several lines. Otherwise its first line is typed. */
  paste?(state: UiState, text: string): Step<UiState>
  /** Of a filter: changes what was typed so far. */
  edit?(state: UiState, change: (text: string) => string): UiState
  /** Of a filter: keys are commands again. */
  close?(state: UiState): UiState
}

/** A command of the palette that has no key; `argument` names what must be typed behind its name. */
export interface PaletteCommand {
  readonly name: string
  readonly help: string
  readonly argument?: string
  /** Not with --readonly. */
  readonly changes?: true
  readonly take: (state: UiState, argument: string) => Step<UiState>
}

/** What the effects of a screen are made with. */
export interface Services {
  readonly ports: UiPorts
  readonly sampler: SampleSource
  readonly dispatch: (action: Action) => void
}

/** The sampler, as effects see it: what they add comes to the state with the next sample. */
export interface SampleSource {
  addSnapshot(snapshot: Sample['snapshots'][number]): void
  addDrillStep(step: Sample['drill']['steps'][number]): void
  addDrillSnapshot(snapshot: Sample['drill']['snapshots'][number]): void
  /** From now on samples carry this node's log; null: no log. */
  watchLog(node: string | null): void
  /** A sample at once. */
  tick(): void
}

/** Carries out the requests of a screen, and tells the state the results. */
export interface ScreenEffects<Id extends ScreenId = ScreenId> {
  carryOut(request: ScreenRequests[Id]): void
  /** After each sample. */
  onTick?(): void
  /** Ends what runs, and waits for its result. */
  finish?(): Promise<void>
  /** Frees what is held open, at the end. */
  close?(): void
}

/** Checks that each key has a command and each command a key, and puts the keys on this screen. */
export function defineScreen<const Bindings extends readonly Binding[], Id extends ScreenId>(
  screen: Omit<Screen<Id>, 'commands'> & {
    readonly bindings: Bindings
    readonly commands: Readonly<Record<Bindings[number]['id'], Command>>
  },
): Screen<Id> {
  return {...screen, bindings: screen.bindings.map(binding => ({...binding, screens: [screen.id]}))}
}
