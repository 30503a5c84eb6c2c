import {randomFillSync} from 'node:crypto'
import {assertNever} from '../../protocol/errors.js'
import {type MethodForm, methods} from '../data/methods.js'
import {largestSize} from '../data/sizes.js'
import {KEY_COUNTER_DIGITS, type LoadPlan} from '../plan/plan.js'
import type {ValueWriter} from '../verify/value-writer.js'

const SCRATCH_BYTES = 64 * 1024
/** Random values are slices of one buffer, from anywhere in its first so many bytes. */
const RANDOM_OFFSETS = 4096
/** Room for command, flags, exptime, length, cas unique, noreply, blanks and line ends. */
const FRAME_BYTES = 96

/** Up to here a loop is quicker than a call. */
const LOOP_BYTES_MOST = 64

const SPACE = 0x20
const DIGIT_0 = 0x30
const hexDigits = latin1('0123456789abcdef')
const plainLineEnd = latin1('\r\n')

/** One call to render. */
export interface Request {
  /** Place in the plan's mix. */
  readonly method: number
  readonly key: number
  /** Of the value, in bytes; the amount of incr and decr. */
  readonly size: number
  /** Further keys of a get with many. */
  readonly moreKeys: readonly number[]
  /** Of the key, where values say what they are. */
  readonly version: number
  /** Number of the connection. */
  readonly writer: number
}

/** What the second half of a cas needs. */
export type CasRequest = Pick<Request, 'key' | 'size' | 'version' | 'writer'>

interface Rendering {
  /** `set mcp:` and so on; a cas begins with the gets that fetches its unique. */
  readonly start: Buffer
  readonly form: MethodForm
  readonly lineEnd: Buffer
}

/**
 * Renders requests one after the other into a scratch buffer that is used
 * again and again: no string, no new buffer for a request.
 */
export class RequestWriter {
  readonly #renderings: readonly Rendering[]
  readonly #anotherKey: Buffer
  readonly #casStart: Buffer
  readonly #getStart: Buffer
  readonly #lineEnd: Buffer
  /** ` 0 <exptime> `: between the key and the length of a value. */
  readonly #flagsAndExptime: Buffer
  readonly #exptime: Buffer
  /** Where values say what they are. */
  readonly #verifying: ValueWriter | undefined
  readonly #values: Buffer
  readonly #offsets: number
  readonly #largestRequest: number
  readonly #scratchBytes: number
  #scratch: Buffer
  /** Views of the scratch by their length: making one costs more than rendering a small request. */
  #views: (Buffer | undefined)[] = []
  #at = 0

  /** @param verifying where values are to say what they are */
  constructor(plan: LoadPlan, verifying?: ValueWriter) {
    this.#verifying = verifying
    const largest = largestSize(plan.sizes)
    this.#lineEnd = latin1(plan.noreply ? ' noreply\r\n' : '\r\n')
    this.#renderings = plan.mix.map(({method}) => ({
      start: latin1(`${method === 'cas' ? 'gets' : method} ${plan.keyPrefix}`),
      form: methods[method].form,
      lineEnd: methods[method].reads ? latin1('\r\n') : this.#lineEnd,
    }))
    this.#anotherKey = latin1(` ${plan.keyPrefix}`)
    this.#casStart = latin1(`cas ${plan.keyPrefix}`)
    this.#getStart = latin1(`get ${plan.keyPrefix}`)
    this.#flagsAndExptime = latin1(` 0 ${plan.ttlSeconds} `)
    this.#exptime = latin1(` ${plan.ttlSeconds}`)
    this.#offsets = plan.valueBytes === 'random' ? RANDOM_OFFSETS : 1
    this.#values = Buffer.alloc(largest + this.#offsets, '0')
    if (plan.valueBytes === 'random') randomFillSync(this.#values)
    const keyBytes = plan.keyPrefix.length + KEY_COUNTER_DIGITS + 1
    // A get of the key may come before it.
    this.#largestRequest = (plan.multigetKeys + 1) * keyBytes + FRAME_BYTES + largest
    this.#scratchBytes = Math.max(SCRATCH_BYTES, this.#largestRequest)
    this.#scratch = Buffer.allocUnsafeSlow(this.#scratchBytes)
  }

  /** Whether another request fits behind those rendered since the last take(), however large it turns out. */
  get hasRoom(): boolean {
    return this.#at + this.#largestRequest <= this.#scratchBytes
  }

  append(request: Request): void {
    const {method, key, size, moreKeys} = request
    const {start, form, lineEnd} = this.#renderings[method]!
    this.#appendKey(start, key)
    switch (form) {
      case 'value':
        this.#copy(this.#flagsAndExptime)
        this.#appendNumber(size)
        this.#copy(lineEnd)
        this.#appendValue(request)
        break
      case 'key':
        for (const another of moreKeys) this.#appendKey(this.#anotherKey, another)
        this.#copy(lineEnd)
        break
      case 'cas':
        this.#copy(plainLineEnd)
        break
      case 'amount':
        this.#scratch[this.#at++] = SPACE
        this.#appendNumber(size)
        this.#copy(lineEnd)
        break
      case 'exptime':
        this.#copy(this.#exptime)
        this.#copy(lineEnd)
        break
      default:
        assertNever(form)
    }
  }

  /** A read of one key, before the request that hasRoom was asked for. */
  appendGet(key: number): void {
    this.#appendKey(this.#getStart, key)
    this.#copy(plainLineEnd)
  }

  /** The second half of a cas, once gets has told the unique. */
  appendCas(request: CasRequest, unique: Uint8Array): void {
    const {key, size} = request
    this.#appendKey(this.#casStart, key)
    this.#copy(this.#flagsAndExptime)
    this.#appendNumber(size)
    this.#scratch[this.#at++] = SPACE
    this.#copy(unique)
    this.#copy(this.#lineEnd)
    this.#appendValue(request)
  }

  /** What was rendered since the last take(). Valid until the next append(), unless retire() is called before it. */
  take(): Buffer {
    const length = this.#at
    this.#at = 0
    let view = this.#views[length]
    if (view === undefined) {
      view = this.#scratch.subarray(0, length)
      this.#views[length] = view
    }
    return view
  }

  /** Leaves the scratch to a write that is still under way and goes on with a new one. */
  retire(): void {
    this.#scratch = Buffer.allocUnsafeSlow(this.#scratchBytes)
    this.#views = []
  }

  #appendKey(start: Uint8Array, key: number): void {
    this.#copy(start)
    const scratch = this.#scratch
    let at = this.#at
    for (let shift = 4 * (KEY_COUNTER_DIGITS - 1); shift >= 0; shift -= 4) {
      scratch[at++] = hexDigits[(key >>> shift) & 15]!
    }
    this.#at = at
  }

  #appendValue(request: CasRequest): void {
    const {key, size} = request
    if (this.#verifying === undefined) {
      const offset = (key * 31) % this.#offsets
      const scratch = this.#scratch
      const values = this.#values
      const at = this.#at
      if (size > LOOP_BYTES_MOST) values.copy(scratch, at, offset, offset + size)
      else for (let i = 0; i < size; i++) scratch[at + i] = values[offset + i]!
    } else this.#verifying.render(this.#scratch, this.#at, request)
    this.#at += size
    this.#copy(plainLineEnd)
  }

  #appendNumber(value: number): void {
    this.#at = appendNumber(this.#scratch, this.#at, value)
  }

  /** For a few bytes a loop is quicker than a call. */
  #copy(bytes: Uint8Array): void {
    const scratch = this.#scratch
    let at = this.#at
    for (let i = 0; i < bytes.length; i++) scratch[at++] = bytes[i]!
    this.#at = at
  }
}

function latin1(text: string): Buffer {
  return Buffer.from(text, 'latin1')
}

function appendNumber(bytes: Uint8Array, from: number, value: number): number {
  let digits = 1
  for (let limit = 10; value >= limit; limit *= 10) digits++
  let left = value
  for (let at = from + digits - 1; at >= from; at--) {
    const rest = Math.floor(left / 10)
    bytes[at] = DIGIT_0 + (left - rest * 10)
    left = rest
  }
  return from + digits
}
