import {readdir, stat} from 'node:fs/promises'
import {availableParallelism} from 'node:os'
import {profileNames} from '../../engine/plan/profiles/registry.js'
import {RepbenchError} from '../../protocol/errors.js'
import type {ProfileSummary, UiSaveRequest} from '../../ui/ports/run-port.js'
import {describePlan} from '../documents/phrases/plan-text.js'
import {tildePath} from '../files/tilde-path.js'
import {findProfileAndBase} from '../profiles/find-profile.js'
import {planFromForm, profileForm} from '../profiles/profile-form.js'
import {profileText, writeProfile} from '../profiles/write-profile.js'

const FILES_MOST = 50

const machine = {cpuCount: availableParallelism()}

/** The ready-made profiles, then the profile files of the working directory. */
export async function listUiProfiles(): Promise<readonly ProfileSummary[]> {
  const files = await profileFiles()
  const found = await Promise.all([...profileNames, ...files].map(describe))
  return found.filter(profile => profile !== null)
}

/** The load of a profile that was changed in a form. */
export async function editedPlan({profile, given}: Pick<UiSaveRequest, 'profile' | 'given'>) {
  const {plan, base} = await findProfileAndBase(profile, machine)
  return {plan: planFromForm(given, {base: plan, ...machine}), base}
}

/** @returns the path as it is shown and as --profile takes it; null where there is a file that may not be overwritten */
export async function saveUiProfile({path, overwrite, ...request}: UiSaveRequest): Promise<string | null> {
  const file = path.includes('/') ? path : `./${path}`
  const text = profileText({...(await editedPlan(request)), path: file, ...machine})
  return (await writeProfile(text, {path: file, overwrite})) ? tildePath(file) : null
}

async function profileFiles(): Promise<string[]> {
  const names = await readdir('.').catch(() => [])
  return names
    .filter(name => /\.ya?ml$/i.test(name))
    .toSorted()
    .slice(0, FILES_MOST)
    .map(name => `./${name}`)
}

/** null for a file that is no profile: there are others in YAML. */
async function describe(name: string): Promise<ProfileSummary | null> {
  try {
    // A named pipe in the working directory is not waited for.
    if (name.startsWith('./') && !(await stat(name)).isFile()) return null
    const {plan, summary} = await findProfileAndBase(name, machine)
    return {name, summary: summary ?? describePlan(plan), form: profileForm({base: plan, ...machine})}
  } catch (error) {
    if (error instanceof RepbenchError || (error as NodeJS.ErrnoException).code !== undefined) return null
    throw error
  }
}
