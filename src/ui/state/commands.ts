import {bindings, type CommandId} from '../keys.js'
import {appCommands} from './app-commands.js'
import {consoleCommands} from './console-commands.js'
import {dialogCommands} from './dialog-commands.js'
import {drillCommands} from './drill-commands.js'
import {type Step, step} from './effect.js'
import {explainCommands} from './explain-commands.js'
import {filterCommands} from './filter-commands.js'
import {formCommands} from './form-commands.js'
import {helpCommands} from './help-commands.js'
import {loadCommands} from './load-commands.js'
import {logCommands} from './log-commands.js'
import {moveCommands} from './move-commands.js'
import {nodeCommands} from './node-commands.js'
import {nodesCommands} from './nodes-commands.js'
import {pageCommands} from './page-commands.js'
import {paletteCommands} from './palette-commands.js'
import {profileCommands} from './profile-commands.js'
import {rateCommands} from './rate-commands.js'
import {reportCommands} from './report-commands.js'
import {slabsCommands} from './slabs-commands.js'
import {transcriptCommands} from './transcript-commands.js'
import type {UiState} from './ui-state.js'

export type Command = (state: UiState) => Step<UiState>

/** What each binding of the key table does; the compiler rejects a key without one. */
export const commands: Readonly<Record<CommandId, Command>> = {
  ...appCommands,
  ...consoleCommands,
  ...dialogCommands,
  ...drillCommands,
  ...explainCommands,
  ...filterCommands,
  ...formCommands,
  ...helpCommands,
  ...loadCommands,
  ...logCommands,
  ...moveCommands,
  ...nodeCommands,
  ...nodesCommands,
  ...pageCommands,
  ...paletteCommands(runCommand),
  ...profileCommands,
  ...rateCommands,
  ...reportCommands,
  ...slabsCommands,
  ...transcriptCommands,
}

const changing: ReadonlySet<CommandId> = new Set(bindings.filter(binding => 'changes' in binding).map(({id}) => id))

/** Does it, unless it would change something that the operator only wants to look at. */
export function runCommand(state: UiState, id: CommandId): Step<UiState> {
  if (!state.session.readonly || !changing.has(id)) return commands[id](state)
  return step({
    ...state,
    notice: {tone: 'bad', text: 'Only looking (--readonly): nothing is launched, ended, frozen or loaded'},
  })
}
