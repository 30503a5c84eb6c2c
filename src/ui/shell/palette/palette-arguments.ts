import type {Step} from '../../core/effect.js'
import type {UiState} from '../../core/ui-state.js'
import {checkKey, openAddress, replay} from '../../screens/console/state/console-questions.js'
import {setRate} from '../../screens/load/state/rate-commands.js'
import {attach} from '../../screens/nodes/state/nodes-commands.js'

/** A command of the palette that is told what to do it with. */
export interface ArgumentCommand {
  readonly name: string
  readonly argument: string
  readonly help: string
  /** Not with --readonly. */
  readonly changes?: true
  readonly take: (state: UiState, argument: string) => Step<UiState>
}

export const argumentCommands: readonly ArgumentCommand[] = [
  {name: 'attach', argument: 'HOST:PORT …', help: 'show running nodes; two are taken for a pair', take: attach},
  {name: 'open', argument: 'HOST:PORT', help: 'a console session to any address', take: openAddress},
  {name: 'verify', argument: 'KEY', help: 'read a key on every node: same, different or missing', take: checkKey},
  {name: 'replay', argument: 'FILE', help: 'send a saved transcript again', take: replay, changes: true},
  {
    name: 'rate',
    argument: 'R',
    help: 'operations per second, such as 25k: of the running load, or else of the chosen one',
    take: setRate,
    changes: true,
  },
]

/** `attach 127.0.0.1:11211`: the command, and what stands behind it. */
export function readArgumentCommand(text: string): {command: ArgumentCommand; argument: string} | null {
  const [, name, argument] = /^\s*(\S+)\s+(\S.*?)\s*$/.exec(text) ?? []
  const command = argumentCommands.find(candidate => candidate.name === name)
  return command === undefined || argument === undefined ? null : {command, argument}
}
