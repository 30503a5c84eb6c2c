import {randomFillSync} from 'node:crypto'
import {methods} from './methods.js'
import {KEY_COUNTER_DIGITS, type LoadPlan} from './plan.js'
import {largestSize} from './sizes.js'

const SCRATCH_BYTES = 64 * 1024
/** Random values are slices of one buffer, from anywhere in its first so many bytes. */
const RANDOM_OFFSETS = 4096
/** Room for flags, exptime, length, blanks and line ends. */
const FRAME_BYTES = 48

const CR = 0x0d
const LF = 0x0a
const SPACE = 0x20
const DIGIT_0 = 0x30
const hexDigits = Buffer.from('0123456789abcdef', 'latin1')

/**
 * Renders requests one after the other into a scratch buffer that is used
 * again and again: no string, no new buffer for a request.
 */
export class RequestWriter {
  /** `set mcp:` and so on, for each entry of the plan's mix. */
  readonly #starts: readonly Buffer[]
  readonly #carriesValue: readonly boolean[]
  readonly #values: Buffer
  readonly #offsets: number
  readonly #largestRequest: number
  readonly #scratchBytes: number
  #scratch: Buffer
  /** Views of the scratch by their length: making one costs more than rendering a small request. */
  #views: (Buffer | undefined)[] = []
  #at = 0

  constructor(plan: LoadPlan) {
    const largest = largestSize(plan.sizes)
    this.#starts = plan.mix.map(({method}) => Buffer.from(`${method} ${plan.keyPrefix}`, 'latin1'))
    this.#carriesValue = plan.mix.map(({method}) => methods[method].carriesValue)
    this.#offsets = plan.valueBytes === 'random' ? RANDOM_OFFSETS : 1
    this.#values = Buffer.alloc(largest + this.#offsets, '0')
    if (plan.valueBytes === 'random') randomFillSync(this.#values)
    const longestStart = Math.max(...this.#starts.map(start => start.length))
    this.#largestRequest = longestStart + KEY_COUNTER_DIGITS + FRAME_BYTES + largest
    this.#scratchBytes = Math.max(SCRATCH_BYTES, this.#largestRequest)
    this.#scratch = Buffer.allocUnsafeSlow(this.#scratchBytes)
  }

  /** Whether another request fits behind those rendered since the last take(), however large it turns out. */
  get hasRoom(): boolean {
    return this.#at + this.#largestRequest <= this.#scratchBytes
  }

  append(method: number, key: number, size: number): void {
    const scratch = this.#scratch
    const start = this.#starts[method]!
    let at = this.#at
    for (let i = 0; i < start.length; i++) scratch[at++] = start[i]!
    for (let shift = 4 * (KEY_COUNTER_DIGITS - 1); shift >= 0; shift -= 4) {
      scratch[at++] = hexDigits[(key >>> shift) & 15]!
    }
    if (this.#carriesValue[method]) at = this.#appendValue(at, key, size)
    scratch[at++] = CR
    scratch[at++] = LF
    this.#at = at
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

  /** ` 0 0 <bytes>\r\n<value>`: flags and exptime are 0. */
  #appendValue(from: number, key: number, size: number): number {
    const scratch = this.#scratch
    let at = from
    scratch[at++] = SPACE
    scratch[at++] = DIGIT_0
    scratch[at++] = SPACE
    scratch[at++] = DIGIT_0
    scratch[at++] = SPACE
    at = appendNumber(scratch, at, size)
    scratch[at++] = CR
    scratch[at++] = LF
    const offset = (key * 31) % this.#offsets
    this.#values.copy(scratch, at, offset, offset + size)
    return at + size
  }
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
