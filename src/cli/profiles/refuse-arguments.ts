import {nearestNames} from '../../engine/plan/did-you-mean.js'
import {profileNames} from '../../engine/plan/profiles/registry.js'
import {UsageError} from '../app/errors.js'

/**
 * Refuses words that are no options; of a profile it says how one is chosen.
 * @throws UsageError where there are any
 */
export function refuseArguments(command: string, [word]: readonly string[]): void {
  if (word === undefined) return
  const profile = meantProfile(word)
  const advice =
    profile === undefined ? `; see repbench ${command} --help` : `; say repbench ${command} --profile ${profile}`
  throw new UsageError(`Expected only options after ${command}, got '${word}'${advice}`)
}

/** A ready-made profile, also one that is mistyped, or a file; undefined where it looks like neither. */
function meantProfile(word: string): string | undefined {
  if (/\.ya?ml$/i.test(word)) return word
  return nearestNames(word, profileNames)[0]
}
