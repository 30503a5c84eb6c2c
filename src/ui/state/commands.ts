import type {CommandId} from '../keys.js'
import {appCommands} from './app-commands.js'
import {consoleCommands} from './console-commands.js'
import {dialogCommands} from './dialog-commands.js'
import type {Step} from './effect.js'
import {loadCommands} from './load-commands.js'
import {moveCommands} from './move-commands.js'
import {nodeCommands} from './node-commands.js'
import type {UiState} from './ui-state.js'

export type Command = (state: UiState) => Step<UiState>

/** What each binding of the key table does; the compiler rejects a key without one. */
export const commands: Readonly<Record<CommandId, Command>> = {
  ...appCommands,
  ...consoleCommands,
  ...dialogCommands,
  ...loadCommands,
  ...moveCommands,
  ...nodeCommands,
}
