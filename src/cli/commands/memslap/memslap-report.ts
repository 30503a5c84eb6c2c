import {countErrors} from '../../../engine/measure/accounts.js'
import type {RunResult} from '../../../engine/result/run-result.js'
import {mostFrequent} from '../../documents/phrases/error-kinds.js'
import type {MemslapTest} from './memslap-tests.js'

/** Columns of memcslap's lines: the count ends at the first, the seconds at the second. */
const COUNT_END = 27
const SECONDS_END = 59
const KINDS_NAMED = 3
const RULE = '-'.repeat(SECONDS_END + ' seconds.'.length)

interface MemslapTimes {
  readonly test: MemslapTest
  readonly concurrency: number
  readonly keys: number
  /** Null where nothing was flushed. */
  readonly flushed: {readonly servers: number; readonly seconds: number} | null
  readonly generateSeconds: number
  /** From the call of the load to its end. */
  readonly loadSeconds: number
  /** All servers'. */
  readonly results: readonly RunResult[]
}

/** memcslap's lines. Start is the time that the load's threads and connections took to be there. */
export function formatMemslap(times: MemslapTimes): string {
  const {test, concurrency, flushed, results} = times
  const prefill = longest(results.map(result => result.prefill?.seconds ?? 0))
  const testSeconds = longest(results.map(({durationSeconds}) => durationSeconds))
  const startSeconds = Math.max(0, times.loadSeconds - prefill - testSeconds)
  const stored = sum(results.map(result => result.prefill?.operations.ok ?? 0))
  const clients = `keys by ${String(concurrency).padStart(4)} threads:`
  return [
    ...(flushed === null ? [] : [line('flush', flushed.servers, 'servers:', flushed.seconds)]),
    line('generate', times.keys, 'test keys:', times.generateSeconds),
    ...(test === 'set' ? [] : [line('set', stored, 'keys:', prefill)]),
    line('start', concurrency, 'threads:', startSeconds),
    RULE,
    line(test, countKeys(test, results), clients, testSeconds),
    RULE,
    timed('Time total:', (flushed?.seconds ?? 0) + times.generateSeconds + times.loadSeconds),
    '',
  ].join('\n')
}

/** What went wrong, a line for each kind; memcslap names the first key only. */
export function memslapFailures(results: readonly RunResult[]): string[] {
  return results.flatMap(({operations, prefill, connections, target: {host, port}}) => {
    const counts = {
      'stored no key': prefill === null ? 0 : prefill.operations.intended - prefill.operations.ok,
      'got an error': countErrors(operations.errors),
      'found no value': operations.miss,
      'timed out': operations.timedOut,
      'were lost with their connection': operations.lostWithConnection,
      'were not answered': operations.unanswered,
      'were not sent': operations.unsent,
    }
    const calls = Object.entries(counts).filter(([, count]) => count > 0)
    const {named, others} = mostFrequent({...operations.errors, ...connections.errors}, KINDS_NAMED)
    const reasons = [...named.map(([kind]) => kind), ...(others > 0 ? [`${others} others`] : [])]
    const suffix = reasons.length === 0 ? '' : ` (${reasons.join(', ')})`
    return calls.map(([what, count]) => `memslap: ${host}:${port}: ${count} calls ${what}${suffix}`)
  })
}

/** Keys that were stored or found. */
function countKeys(test: MemslapTest, results: readonly RunResult[]): number {
  return sum(results.map(({operations, reads}) => (test === 'set' ? operations.ok : (reads?.found ?? 0))))
}

function line(label: string, count: number, rest: string, seconds: number): string {
  const start = `Time to ${label}`
  return timed(`${start}${` ${count}`.padStart(COUNT_END - start.length)} ${rest}`, seconds)
}

function timed(text: string, seconds: number): string {
  return `${text}${` ${seconds.toFixed(3)}`.padStart(SECONDS_END - text.length)} seconds.`
}

function longest(seconds: readonly number[]): number {
  return Math.max(0, ...seconds)
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0)
}
