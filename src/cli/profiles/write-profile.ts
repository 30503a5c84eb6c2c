import {writeFile} from 'node:fs/promises'
import {isDeepStrictEqual} from 'node:util'
import {stringify} from 'yaml'
import type {LoadPlan} from '../../engine/plan/plan.js'
import {messageOf, RepbenchError} from '../../protocol/errors.js'
import {loadOptions, settingNames} from '../load-settings/load-options.js'
import {planFromSettings} from '../load-settings/plan-from-settings.js'
import {isSwitch} from '../options/option-spec.js'
import {parseProfileFile} from './profile-file.js'
import {formValues} from './profile-form.js'

interface ProfileText {
  readonly plan: LoadPlan
  /** The ready-made profile that the file extends. */
  readonly base: LoadPlan
  readonly path: string
  readonly cpuCount: number
}

/**
 * A profile file of a load: the ready-made profile that it extends, and what is
 * different. It is read back before it is given out.
 */
export function profileText({plan, base, path, cpuCount}: ProfileText): string {
  const before = formValues(base)
  const after = formValues(plan)
  const changed = settingNames.filter(name => after[name] !== undefined && after[name] !== before[name])
  const settings = changed.map(name => [name, yamlValue(after[name]!, isSwitch(loadOptions[name]))])
  const text = `# repbench load --profile ${path}\n${stringify({extends: base.name, ...Object.fromEntries(settings)})}`
  const read = parseProfileFile(text, {path})
  const again = planFromSettings({base, given: read.settings, spell: key => key, cpuCount, name: plan.name})
  if (!isDeepStrictEqual(again, plan)) {
    throw new RepbenchError(
      'ERR_PROFILE_FILE',
      `Expected a load that a profile file can say, got ${JSON.stringify(plan)}`,
    )
  }
  return text
}

/** @returns false where a file is there already, unless it may be overwritten */
export async function writeProfile(
  text: string,
  {path, overwrite}: {path: string; overwrite: boolean},
): Promise<boolean> {
  try {
    await writeFile(path, text, {flag: overwrite ? 'w' : 'wx'})
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    const got = messageOf(error)
    throw new RepbenchError('ERR_PROFILE_FILE', `Expected a file that can be written, got ${got}`, {cause: error})
  }
}

/** Without quotes where YAML needs none. */
function yamlValue(text: string, flag: boolean): string | number | boolean {
  if (flag) return text === 'on'
  return /^\d+$/.test(text) && String(Number(text)) === text ? Number(text) : text
}
