import {UsageError} from '../errors.js'

interface ExtendedSettings {
  rejectsAtLimit: boolean
  hashPower: number
}

const SMALLEST_HASH_POWER = 12
/** memcached takes up to 64, which no machine holds. */
const LARGEST_HASH_POWER = 27

/** Reads memcached's `-o`: sub-options separated by commas. */
export function readExtendedOptions(settings: ExtendedSettings, text: string): void {
  for (const option of text.split(',').filter(part => part !== '')) {
    const [name, value] = option.split('=')
    switch (name) {
      case 'maxconns_fast':
        settings.rejectsAtLimit = true
        break
      case 'hashpower':
        settings.hashPower = readHashPower(value)
        break
      case 'slab_reassign':
      case 'slab_automove':
        throw new UsageError(
          `Expected maxconns_fast or hashpower for -o, got '${name}': pages stay in their slab class`,
        )
      default:
        throw new UsageError(`Illegal suboption "${option}"`)
    }
  }
}

function readHashPower(value: string | undefined): number {
  if (value === undefined || value === '') throw new UsageError('Missing numeric argument for hashpower')
  const power = Number(value)
  if (!(power >= SMALLEST_HASH_POWER)) throw new UsageError(`Initial hashtable multiplier of ${value} is too low`)
  if (power > LARGEST_HASH_POWER) throw new UsageError(`Initial hashtable multiplier of ${value} is too high`)
  return power
}
