import type {ReplyKind} from '../../protocol/text/reply-kind.js'
import {roundHalfToEven} from './distribution.js'
import {Moments} from './moments.js'

/** mcperf's classes of failed connections, as its report names them. */
export type ErrorClass =
  | 'client-timo'
  | 'socket-timo'
  | 'connrefused'
  | 'connreset'
  | 'fd-unavail'
  | 'ftab-full'
  | 'addrunavail'
  | 'other'

/** mcperf's classes of replies, as its report names them. */
export type ResponseType =
  | 'stored'
  | 'not_stored'
  | 'exists'
  | 'not_found'
  | 'num'
  | 'deleted'
  | 'end'
  | 'value'
  | 'error'
  | 'client_error'
  | 'server_error'

const classOfCode: Readonly<Record<string, ErrorClass>> = {
  ECONNREFUSED: 'connrefused',
  ECONNRESET: 'connreset',
  EPIPE: 'connreset',
  ETIMEDOUT: 'socket-timo',
  EMFILE: 'fd-unavail',
  ENFILE: 'ftab-full',
  EADDRNOTAVAIL: 'addrunavail',
}

/** The class of a socket's error code. */
export function errorClassOf(code: string): ErrorClass {
  return classOfCode[code] ?? 'other'
}

/** The class of a reply; mcperf counts an unknown reply as a number. */
function responseType(kind: ReplyKind, values: number): ResponseType {
  switch (kind) {
    case 'end':
      return values === 0 ? 'end' : 'value'
    case 'stored':
    case 'not_stored':
    case 'exists':
    case 'not_found':
    case 'deleted':
    case 'error':
    case 'client_error':
    case 'server_error':
      return kind
    default:
      return 'num'
  }
}

/** The counts of mcperf's report. Times in ms, sizes in bytes. */
export class McperfCounters {
  connectionsIssued = 0
  connectionsOpen = 0
  connectionsPeak = 0
  readonly connect = new Moments()
  /** From the start of connecting to the end. */
  readonly connection = new Moments()
  /** Bytes of each request that was written as a whole. */
  readonly requests = new Moments()
  readonly responses = new Moments()
  readonly responseTimes = new Moments()
  readonly histogram = new ResponseHistogram()
  readonly types: Record<ResponseType, number> = {
    stored: 0,
    not_stored: 0,
    exists: 0,
    not_found: 0,
    num: 0,
    deleted: 0,
    end: 0,
    value: 0,
    error: 0,
    client_error: 0,
    server_error: 0,
  }
  readonly errors: Record<ErrorClass, number> = {
    'client-timo': 0,
    'socket-timo': 0,
    connrefused: 0,
    connreset: 0,
    'fd-unavail': 0,
    'ftab-full': 0,
    addrunavail: 0,
    other: 0,
  }

  get errorCount(): number {
    return Object.values(this.errors).reduce((sum, count) => sum + count, 0)
  }

  connected(connectMs: number): void {
    this.connect.add(connectMs)
    this.connectionsOpen++
    this.connectionsPeak = Math.max(this.connectionsPeak, this.connectionsOpen)
  }

  disconnected(connectionMs: number): void {
    this.connectionsOpen--
    this.connection.add(connectionMs)
  }

  failed(error: ErrorClass): void {
    this.errors[error]++
  }

  replied({kind, values, bytes, ms}: {kind: ReplyKind; values: number; bytes: number; ms: number}): void {
    this.types[responseType(kind, values)]++
    this.responses.add(bytes)
    this.responseTimes.add(ms)
    this.histogram.add(ms)
  }
}

/** Bins are 1 ms wide, as mcperf's; the last one holds all longer times. */
const BINS = 100_000

/** mcperf's histogram of response times, with its way to compute percentiles. */
export class ResponseHistogram {
  readonly #bins = new Uint32Array(BINS)

  add(ms: number): void {
    this.#bins[Math.min(roundHalfToEven(ms), BINS - 1)]!++
  }

  /** The bins that are not empty, as [ms, count], in order. */
  *entries(): Generator<readonly [ms: number, count: number]> {
    for (let bin = 0; bin < BINS; bin++) if (this.#bins[bin]! > 0) yield [bin, this.#bins[bin]!]
  }

  /** Whether the last bin, of 100 s and more, is empty. */
  get lastIsEmpty(): boolean {
    return this.#bins[BINS - 1] === 0
  }

  /**
   * The first bin, in ms, up to which there is this share of `total` responses;
   * never the bin of 0 ms, which mcperf takes for "not found yet".
   */
  quantile(share: number, total: number): number {
    const wanted = roundHalfToEven(share * total)
    let count = this.#bins[0]!
    for (let bin = 1; bin < BINS; bin++) {
      count += this.#bins[bin]!
      if (count >= wanted) return bin
    }
    return 0
  }
}
