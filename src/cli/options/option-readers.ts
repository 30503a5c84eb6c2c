import {InvalidArgumentError} from 'commander'
import {type Address, parseAddress} from '../../protocol/address.js'
import {messageOf} from '../../protocol/errors.js'

/** Option readers for commander: each gives a value or one line that says what was expected and what came. */

export function readPort(text: string): number {
  return readInteger({text, what: 'a port', min: 1, max: 65_535})
}

export function readServer(text: string): Address {
  try {
    return parseAddress(text)
  } catch (error) {
    throw new InvalidArgumentError(messageOf(error))
  }
}

/** One of several: `--server A --server B`. */
export function addServer(text: string, before: readonly Address[] = []): readonly Address[] {
  return [...before, readServer(text)]
}

export function readInteger({text, what, min, max}: {text: string; what: string; min: number; max: number}): number {
  const value = Number(text)
  if (!/^\d+$/.test(text) || value < min || value > max) {
    throw new InvalidArgumentError(`Expected ${what} from ${min} to ${max}, got '${text}'`)
  }
  return value
}

const secondsPerUnit = {ms: 0.001, s: 1, m: 60, h: 3600} as const
/** A week: timers of Node.js fire at once beyond 24 days. */
const DURATION_MAX_SECONDS = 168 * 3600

/** `500ms`, `10s`, `2m`, `1h` → seconds. */
export function readDuration(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text)
  if (match === null) throw new InvalidArgumentError(`Expected a duration such as 500ms, 10s or 2m, got '${text}'`)
  const seconds = Number(match[1]) * secondsPerUnit[match[2] as keyof typeof secondsPerUnit]
  if (seconds > DURATION_MAX_SECONDS) throw new InvalidArgumentError(`Expected a duration up to 168h, got '${text}'`)
  return seconds
}
