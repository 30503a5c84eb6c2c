import type {Area} from '../draw/layout.js'
import type {Theme} from '../draw/theme.js'
import type {Sample} from './action.js'
import type {Binding, Mode} from './binding.js'
import type {OverlayKind, OverlayStates} from './part-types.js'
import type {Command, Typing} from './screen.js'
import type {UiState} from './ui-state.js'

/** A text or a menu over the screen that has the keys for itself: all that the shell knows of it. shell/keys/overlays.ts lists it. */
export interface OverlayPart<Kind extends OverlayKind = OverlayKind> {
  readonly kind: Kind
  readonly bindings: readonly Binding[]
  readonly commands: Readonly<Record<string, Command>>
  mode(overlay: OverlayStates[Kind]): Mode
  /** Where typed text goes. */
  readonly typing?: Typing
  /** Takes in what was sampled since the last tick. */
  onSample?(overlay: OverlayStates[Kind], sample: Sample): OverlayStates[Kind]
  /** Its lines, and the size that they fill within `area`. */
  draw(
    overlay: OverlayStates[Kind],
    options: Pick<UiState, 'session' | 'screen'> & {readonly area: Area; readonly theme: Theme},
  ): {readonly lines: readonly string[]; readonly area: Area}
}

/** Checks that each key has a command and each command a key. */
export function defineOverlay<const Bindings extends readonly Binding[], Kind extends OverlayKind>(
  overlay: Omit<OverlayPart<Kind>, 'commands'> & {
    readonly bindings: Bindings
    readonly commands: Readonly<Record<Bindings[number]['id'], Command>>
  },
): OverlayPart<Kind> {
  return overlay
}
