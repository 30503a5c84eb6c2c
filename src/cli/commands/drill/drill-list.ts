import {drillTargets, whyNot} from '../../../engine/drills/contract/drill-targets.js'
import {drills} from '../../../engine/drills/each/registry.js'
import {formatJson} from '../../app/json-text.js'

/** `drill --list`. */
export function drillListText(): string {
  const width = Math.max(...drills.map(({name}) => name.length))
  return drills.map(({name, summary}) => `${name.padEnd(width)}  ${summary}\n`).join('')
}

/** `drill --list --json`: every drill, what it keeps to, and where it can't be run. */
export function drillListJson(): string {
  const list = drills.map(({name, summary, assertions, advice, needs = []}) => ({
    name,
    summary,
    budgets: assertions,
    advice,
    needs,
    places: drillTargets.map(place => ({name: place.name, options: place.options, whyNot: whyNot({needs}, place)})),
  }))
  return formatJson({schema: 'repbench.drill-list/1', drills: list})
}
