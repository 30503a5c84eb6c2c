import {randomFillSync} from 'node:crypto'
import {assertNever} from '../../protocol/errors.js'
import {KEY_COUNTER_DIGITS} from '../data/key-text.js'
import {type MethodForm, methods} from '../data/methods.js'
import {largestSize} from '../data/sizes.js'
import {RequestScratch} from '../generator/request-scratch.js'
import type {LoadPlan} from '../plan/plan.js'
import type {ValueWriter} from '../verify/value-writer.js'
import type {Request} from '../workload/workload.js'

/** Random values are slices of one buffer, which begin at one of this many offsets. */
const RANDOM_OFFSETS = 4096
/** Room for command, flags, exptime, length, cas unique, noreply, blanks and line ends. */
const FRAME_BYTES = 96

/** Up to this size a loop is faster than a call of copy(). */
const LOOP_BYTES_MOST = 64

const SPACE = 0x20
const plainLineEnd = latin1('\r\n')

/** The second half of a cas. */
export type CasRequest = Pick<Request, 'key' | 'size' | 'version' | 'writer'>

interface Rendering {
  /** Such as `set mcp:`; a cas begins with the gets that fetches its unique. */
  readonly start: Buffer
  readonly form: MethodForm
  readonly lineEnd: Buffer
}

/**
 * Renders the requests of a plan into a reused scratch buffer: no string and no
 * new buffer per request.
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
  /** Only for self-describing values. */
  readonly #verifying: ValueWriter | undefined
  readonly #values: Buffer
  readonly #offsets: number
  readonly #largestRequest: number
  readonly #scratch: RequestScratch

  /** @param verifying renders self-describing values, where the plan verifies */
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
    this.#scratch = new RequestScratch(this.#largestRequest)
  }

  /** Whether any further request fits behind those rendered since the last take(). */
  get hasRoom(): boolean {
    return this.#scratch.hasRoom(this.#largestRequest)
  }

  append(request: Request): void {
    const {method, key, size, moreKeys} = request
    const {start, form, lineEnd} = this.#renderings[method]!
    this.#appendKey(start, key)
    switch (form) {
      case 'value':
        this.#scratch.copy(this.#flagsAndExptime)
        this.#scratch.putNumber(size)
        this.#scratch.copy(lineEnd)
        this.#appendValue(request)
        break
      case 'key':
        for (const another of moreKeys) this.#appendKey(this.#anotherKey, another)
        this.#scratch.copy(lineEnd)
        break
      case 'cas':
        this.#scratch.copy(plainLineEnd)
        break
      case 'amount':
        this.#scratch.putByte(SPACE)
        this.#scratch.putNumber(size)
        this.#scratch.copy(lineEnd)
        break
      case 'exptime':
        this.#scratch.copy(this.#exptime)
        this.#scratch.copy(lineEnd)
        break
      default:
        assertNever(form)
    }
  }

  /** A read of one key, before a request for which hasRoom was checked. */
  appendGet(key: number): void {
    this.#appendKey(this.#getStart, key)
    this.#scratch.copy(plainLineEnd)
  }

  /** The second half of a cas, after its gets returned the unique. */
  appendCas(request: CasRequest, unique: Uint8Array): void {
    const {key, size} = request
    this.#appendKey(this.#casStart, key)
    this.#scratch.copy(this.#flagsAndExptime)
    this.#scratch.putNumber(size)
    this.#scratch.putByte(SPACE)
    this.#scratch.copy(unique)
    this.#scratch.copy(this.#lineEnd)
    this.#appendValue(request)
  }

  /** The bytes rendered since the last take(). Valid until the next append(), unless retire() is called first. */
  take(): Buffer {
    return this.#scratch.take()
  }

  /** Keeps the bytes of the last take() for a write that has not finished. */
  retire(): void {
    this.#scratch.retire()
  }

  #appendKey(start: Uint8Array, key: number): void {
    this.#scratch.copy(start)
    this.#scratch.putKeyNumber(key)
  }

  #appendValue(request: CasRequest): void {
    const {key, size} = request
    const scratch = this.#scratch
    const {bytes, at} = scratch
    if (this.#verifying === undefined) {
      const offset = (key * 31) % this.#offsets
      const values = this.#values
      if (size > LOOP_BYTES_MOST) values.copy(bytes, at, offset, offset + size)
      else for (let i = 0; i < size; i++) bytes[at + i] = values[offset + i]!
    } else this.#verifying.render(bytes, at, request)
    scratch.at += size
    scratch.copy(plainLineEnd)
  }
}

function latin1(text: string): Buffer {
  return Buffer.from(text, 'latin1')
}
