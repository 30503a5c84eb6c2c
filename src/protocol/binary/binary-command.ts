import {KEY_MAX_BYTES} from '../limits.js'
import type {BinaryHeader} from './binary-frame.js'

/** The commands of memcached 1.4.13's binary protocol. */
type BinaryVerb =
  | 'get'
  | 'set'
  | 'add'
  | 'replace'
  | 'append'
  | 'prepend'
  | 'delete'
  | 'incr'
  | 'decr'
  | 'touch'
  | 'gat'
  | 'flush'
  | 'noop'
  | 'version'
  | 'stat'
  | 'quit'
  /** Answered with `Unknown command`: unknown opcodes, and SASL, which is off. */
  | 'unknown'

/** Command of an opcode, and the form of its requests. */
export interface BinaryCommand {
  readonly verb: BinaryVerb
  /** Answered only with an error or, for reads, a hit. */
  readonly quiet: boolean
  /** The reply repeats the key. */
  readonly withKey: boolean
  readonly key: 'none' | 'optional' | 'required'
  /** Allowed lengths of the extras, in bytes; null = any. */
  readonly extras: readonly number[] | null
  readonly value: boolean
}

type Form = Pick<BinaryCommand, 'key' | 'extras' | 'value'>

const bare: Form = {key: 'none', extras: [0], value: false}
const keyOnly: Form = {key: 'required', extras: [0], value: false}
const join: Form = {key: 'required', extras: [0], value: true}
/** Flags and exptime. */
const store: Form = {key: 'required', extras: [8], value: true}
/** Delta, start value, exptime. */
const count: Form = {key: 'required', extras: [20], value: false}
/** Exptime. */
const touch: Form = {key: 'required', extras: [4], value: false}
/** Exptime, or nothing for now. */
const flush: Form = {key: 'none', extras: [0, 4], value: false}
const stat: Form = {key: 'optional', extras: [0], value: false}

type Row = readonly [opcode: number, verb: BinaryVerb, form: Form, options?: 'quiet' | 'key' | 'quiet key']

const rows: readonly Row[] = [
  [0x00, 'get', keyOnly],
  [0x01, 'set', store],
  [0x02, 'add', store],
  [0x03, 'replace', store],
  [0x04, 'delete', keyOnly],
  [0x05, 'incr', count],
  [0x06, 'decr', count],
  [0x07, 'quit', bare],
  [0x08, 'flush', flush],
  [0x09, 'get', keyOnly, 'quiet'],
  [0x0a, 'noop', bare],
  [0x0b, 'version', bare],
  [0x0c, 'get', keyOnly, 'key'],
  [0x0d, 'get', keyOnly, 'quiet key'],
  [0x0e, 'append', join],
  [0x0f, 'prepend', join],
  [0x10, 'stat', stat],
  [0x11, 'set', store, 'quiet'],
  [0x12, 'add', store, 'quiet'],
  [0x13, 'replace', store, 'quiet'],
  [0x14, 'delete', keyOnly, 'quiet'],
  [0x15, 'incr', count, 'quiet'],
  [0x16, 'decr', count, 'quiet'],
  [0x17, 'quit', bare, 'quiet'],
  [0x18, 'flush', flush, 'quiet'],
  [0x19, 'append', join, 'quiet'],
  [0x1a, 'prepend', join, 'quiet'],
  [0x1c, 'touch', touch],
  [0x1d, 'gat', touch],
  [0x1e, 'gat', touch, 'quiet'],
  [0x20, 'unknown', bare],
  [0x21, 'unknown', join],
  [0x22, 'unknown', join],
  [0x23, 'gat', touch, 'key'],
  // 1.4.13 forgets the key here; later versions send it, and clients expect it.
  [0x24, 'gat', touch, 'quiet key'],
]

const unknown: BinaryCommand = {
  verb: 'unknown',
  quiet: false,
  withKey: false,
  key: 'optional',
  extras: null,
  value: true,
}

const byOpcode: BinaryCommand[] = new Array(256).fill(unknown)
for (const [opcode, verb, form, options = ''] of rows) {
  byOpcode[opcode] = {...form, verb, quiet: options.includes('quiet'), withKey: options.includes('key')}
}

/** The command of an opcode (0 to 255). */
export function commandOf(opcode: number): BinaryCommand {
  return byOpcode[opcode]!
}

/** Whether a request has exactly the parts that its command takes. */
export function isWellFormed(command: BinaryCommand, {keyBytes, extrasBytes, valueBytes}: BinaryHeader): boolean {
  if (keyBytes > KEY_MAX_BYTES || (keyBytes === 0 ? command.key === 'required' : command.key === 'none')) return false
  if (command.extras === null) return true
  return command.extras.includes(extrasBytes) && (command.value ? valueBytes >= 0 : valueBytes === 0)
}
