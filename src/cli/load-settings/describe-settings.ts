import type {PlanDraft} from '../../engine/plan/plan.js'
import type {SettingText} from './described-plan.js'
import {type LoadOption, loadOptions, type SettingName, settingNames} from './load-options.js'

/**
 * A plan as the settings that make it, in their notation and order: what an
 * operator would write in a profile file. What is off or as usual is left out.
 */
export function describeSettings(plan: PlanDraft): readonly (readonly [SettingName, SettingText])[] {
  return settingNames.flatMap(name => {
    const {of, default: usual}: Pick<LoadOption<unknown>, 'of' | 'default'> = loadOptions[name]
    const text = of(plan)
    return text === null || text === false || String(text) === usual ? [] : [[name, text] as const]
  })
}
