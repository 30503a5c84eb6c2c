import {type Command, InvalidArgumentError} from 'commander'
import {Pace} from '../../engine/transfer/pace.js'
import {parseCount} from '../load-settings/rate-readers.js'
import {readDuration} from '../options/option-readers.js'

/** Gentle: a tenth of what a server of one core does, and half of a gigabit network. */
const USUAL_RATE = 20_000
const USUAL_BYTES_PER_SECOND = 64_000_000

/** Options of every command that moves items; Infinity = no limit, as commander takes null for no value. */
export interface PaceChoice {
  readonly rate?: number
  readonly bytesPerSecond?: number
}

/** Options of every command that writes items to a server. */
export interface WriteChoice extends PaceChoice {
  readonly despiteEvictions?: true
  /** Seconds, 0 = for ever. */
  readonly exptimeUnknown?: number
}

export function addPaceOptions(command: Command): Command {
  return command
    .option('--rate <n>', 'items a second at most, or unlimited (default: 20k)', readLimit)
    .option(
      '--bytes-per-second <size>',
      'bytes of keys and values a second at most, or unlimited (default: 64m)',
      readLimit,
    )
}

export function addWriteOptions(command: Command): Command {
  return addPaceOptions(command)
    .option('--despite-evictions', 'go on where the server drops other items to make room')
    .option(
      '--exptime-unknown <duration>',
      'how long items live whose exptime the source does not tell, or never: they do not expire',
      readUnknownExptime,
    )
}

export function paceOf(
  {rate = USUAL_RATE, bytesPerSecond = USUAL_BYTES_PER_SECOND}: PaceChoice,
  signal: AbortSignal,
): Pace {
  const limited = (limit: number): number | null => (Number.isFinite(limit) ? limit : null)
  return new Pace({itemsPerSecond: limited(rate), bytesPerSecond: limited(bytesPerSecond), signal})
}

/** `500`, `20k`, `64m`; `unlimited` and 0: no limit. */
function readLimit(text: string): number {
  if (text === 'unlimited') return Number.POSITIVE_INFINITY
  const limit = parseCount(text)
  if (limit === null) throw new InvalidArgumentError(`Expected a number such as 500, 20k or unlimited, got '${text}'`)
  return limit === 0 ? Number.POSITIVE_INFINITY : limit
}

function readUnknownExptime(text: string): number {
  if (text === 'never') return 0
  const seconds = readDuration(text)
  if (seconds < 1) throw new InvalidArgumentError(`Expected never or a duration of 1s or more, got '${text}'`)
  return Math.floor(seconds)
}
