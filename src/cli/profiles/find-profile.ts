import {basename} from 'node:path'
import {describeUnknown} from '../../engine/plan/did-you-mean.js'
import type {LoadPlan} from '../../engine/plan/plan.js'
import type {Profile} from '../../engine/plan/profiles/profile.js'
import {profileNames, profiles} from '../../engine/plan/profiles/registry.js'
import {messageOf} from '../../protocol/errors.js'
import {UsageError} from '../app/errors.js'
import {readInputFile} from '../files/input-file.js'
import {SettingError} from '../load-settings/contradictions.js'
import {planFromSettings} from '../load-settings/plan-from-settings.js'
import {parseProfileFile} from './profile-file.js'

/** A profile file is a page of text: what is longer is something else. */
const FILE_MAX_BYTES = 64 * 1024

/** Named in the help; also what profile files extend unless they say otherwise. */
const defaultProfile = profiles[0]!.plan.name

/**
 * The plan of a ready-made profile, or of a profile file: a text that ends in
 * .yaml or .yml, or has a slash.
 */
export async function findProfile(text: string, options: {cpuCount: number}): Promise<LoadPlan> {
  return (await findProfileAndBase(text, options)).plan
}

export interface FoundProfile {
  readonly plan: LoadPlan
  /** The ready-made profile: itself, or the one that a file extends. */
  readonly base: LoadPlan
  readonly summary: string | undefined
}

/** As findProfile(), with what the profile is made of. */
export async function findProfileAndBase(text: string, {cpuCount}: {cpuCount: number}): Promise<FoundProfile> {
  if (/\.ya?ml$|\//i.test(text)) return readProfileFile(text, cpuCount)
  const {plan, summary} = profileNamed(text)
  return {plan, base: plan, summary}
}

function profileNamed(name: string): Profile {
  const profile = profiles.find(({plan}) => plan.name === name)
  if (profile !== undefined) return profile
  throw new UsageError(describeUnknown({what: 'a profile', name, known: profileNames}))
}

async function readProfileFile(path: string, cpuCount: number): Promise<FoundProfile> {
  const file = parseProfileFile(await readText(path), {path})
  const base = profileNamed(file.extends ?? defaultProfile).plan
  const name = file.name ?? nameOf(path)
  try {
    const plan = planFromSettings({base, given: file.settings, spell: key => key, cpuCount, name})
    return {plan, base, summary: file.summary}
  } catch (error) {
    if (error instanceof SettingError) throw new UsageError(`${file.place(error.setting)}: ${error.message}`)
    if (error instanceof UsageError) throw new UsageError(`${path}: ${error.message}`)
    throw error
  }
}

async function readText(path: string): Promise<string> {
  try {
    return (await readInputFile(path, {maxBytes: FILE_MAX_BYTES})).toString('utf8')
  } catch (error) {
    const got = messageOf(error)
    throw new UsageError(`Expected a readable profile file, got ${got}`, {cause: error})
  }
}

/** Names of runs become names of files. */
function nameOf(path: string): string {
  return (
    basename(path)
      .replace(/\.ya?ml$/i, '')
      .replaceAll(/[^\w.-]/g, '-') || 'profile'
  )
}
