import type {Drill} from '../../engine/drills/contract/drill.js'
import {budgetsOfForm, SERVERS} from '../../ui/ports/drill-port.js'
import type {FormValues} from '../../ui/ports/form-spec.js'
import {nodeOptions} from '../options/node-options-form.js'
import {optionWords} from '../options/option-fields.js'
import {quoteShellWord} from '../options/shell-words.js'
import {fieldsOf, isSetting, usualValues} from './drill-fields.js'

/** The same drill as a form asks for, without the screen. */
export function drillCommandLine(drill: Drill, given: FormValues): string {
  const {topology, [SERVERS]: servers} = given
  const fields = fieldsOf(drill)
  const settings = fields.flatMap(({name}) => {
    const text = given[name]
    return text === undefined || !isSetting(name) ? [] : [`--${name} ${quoteShellWord(text)}`]
  })
  return [
    'repbench drill',
    drill.name,
    ...(topology === undefined ? [] : [`--topology ${topology}`]),
    ...(servers === undefined ? [] : servers.split(' ').map(server => `--server ${server}`)),
    ...optionWords(nodeOptions, given),
    ...settings,
    ...budgetWords(drill, given),
  ].join(' ')
}

/** Those of the command line replace all of the drill's own. */
function budgetWords(drill: Drill, given: FormValues): string[] {
  const wanted = budgetsOfForm({...usualValues(drill), ...given})
  return wanted.join() === drill.assertions.join() ? [] : wanted.map(expr => `--assert '${expr}'`)
}
