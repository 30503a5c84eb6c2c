import {countFailures} from '../../../engine/measure/accounts.js'
import type {RunSnapshot} from '../../../engine/result/run-snapshot.js'
import {printable} from '../../../protocol/printable.js'
import type {TextOutput} from '../../app/text-output.js'
import {formatCount, formatMs, formatSeconds} from '../phrases/format.js'

/** Progress of a run in one line. */
export function formatProgress(snapshot: RunSnapshot): string {
  const {phase, elapsedSeconds, plannedSeconds, progress, operations, interval, connections} = snapshot
  if (phase === 'connecting') return `connecting  ${connections} connections open`
  if (snapshot.check !== undefined) {
    const {checked, keys} = snapshot.check
    return `checking the nodes  ${formatCount(checked)} of ${formatCount(keys)} keys`
  }
  const planned = plannedSeconds === null ? '' : ` of ${formatSeconds(plannedSeconds)}`
  return (
    `${phase}  ${formatSeconds(elapsedSeconds)}${planned}  ${Math.floor(progress * 100)} %  ` +
    `${formatCount(interval.opsPerSecond)} op/s  p50 ${formatMs(interval.response.p50)}  p99 ${formatMs(interval.response.p99)} ms  ` +
    `${formatCount(countFailures(operations))} failed`
  )
}

/** Shows a run's progress: one line, redrawn, on a terminal; a line a second elsewhere. */
export class ProgressLine {
  readonly #stream: TextOutput
  #shownSecond = -1
  #drawn = false
  #checkingSinceMs: number | undefined

  constructor(stream: TextOutput) {
    this.#stream = stream
  }

  show(snapshot: RunSnapshot): void {
    if (this.#stream.isTTY) {
      this.#drawn = true
      const {columns = 80} = this.#stream
      this.#stream.raw.write(`\r${printable(formatProgress(snapshot)).slice(0, columns - 1)}\x1b[K`)
      return
    }
    const second = snapshot.phase === 'checking' ? this.#checkingSecond() : Math.floor(snapshot.elapsedSeconds)
    if (second === this.#shownSecond || snapshot.phase === 'done') return
    this.#shownSecond = second
    this.#stream.write(`${formatProgress(snapshot)}\n`)
  }

  /** The load's clock stands still during the check; below 0, to differ from its seconds. */
  #checkingSecond(): number {
    this.#checkingSinceMs ??= performance.now()
    return -1 - Math.ceil((performance.now() - this.#checkingSinceMs) / 1000)
  }

  /** Prints a line that stays. */
  say(text: string): void {
    this.clear()
    this.#stream.write(`${text}\n`)
  }

  /** Clears the line. */
  clear(): void {
    if (this.#drawn) this.#stream.raw.write('\r\x1b[K')
    this.#drawn = false
  }
}
