import {type Step, step} from '../core/effect.js'
import type {UiState} from '../core/ui-state.js'
import {dialogCommands} from '../overlays/dialog-commands.js'
import {formCommands} from '../overlays/form-commands.js'
import {pageCommands} from '../overlays/page-commands.js'
import {consoleCommands} from '../screens/console/state/console-commands.js'
import {transcriptCommands} from '../screens/console/state/transcript-commands.js'
import {drillCommands} from '../screens/drill/state/drill-commands.js'
import {loadCommands} from '../screens/load/state/load-commands.js'
import {profileCommands} from '../screens/load/state/profile-commands.js'
import {rateCommands} from '../screens/load/state/rate-commands.js'
import {explainCommands} from '../screens/nodes/overlays/explain-commands.js'
import {logCommands} from '../screens/nodes/overlays/log-commands.js'
import {slabsCommands} from '../screens/nodes/overlays/slabs-commands.js'
import {nodeCommands} from '../screens/nodes/state/node-commands.js'
import {nodesCommands} from '../screens/nodes/state/nodes-commands.js'
import {reportCommands} from '../screens/report/state/report-commands.js'
import {appCommands} from './app-commands.js'
import {filterCommands} from './filter-commands.js'
import {helpCommands} from './help/help-commands.js'
import {bindings, type CommandId} from './keys.js'
import {moveCommands} from './move-commands.js'
import {paletteCommands} from './palette/palette-commands.js'

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
