import {toPrintable} from '../../../protocol/printable.js'
import type {StoredItem} from '../items/stored-item.js'
import type {NotSeen} from '../pump.js'
import type {DumpHeader} from './dump-documents.js'
import type {DumpSink} from './dump-file-sink.js'
import type {DumpOutput} from './dump-output.js'

/** Unix seconds of the last day that a date can tell. */
const DATE_MAX_SECONDS = 8_640_000_000_000

interface DumpTextOptions {
  readonly output: DumpOutput
  readonly header: DumpHeader
}

/** Writes items for people to read, one a line. There is no way back: restore reads the other form. */
export class DumpTextSink implements DumpSink {
  readonly #output: DumpOutput
  readonly #clockAheadSeconds: number
  #items = 0

  private constructor({output, header}: DumpTextOptions) {
    this.#output = output
    this.#clockAheadSeconds = header.clockAheadSeconds
  }

  /** Writes the first line. @throws DumpError */
  static async begin(options: DumpTextOptions): Promise<DumpTextSink> {
    const {server, startedAt} = options.header
    await options.output.write(Buffer.from(`# ${server} at ${startedAt}: key, flags, exptime, bytes, value\n`))
    return new DumpTextSink(options)
  }

  async write(items: readonly StoredItem[]): Promise<void> {
    this.#items += items.length
    await this.#output.write(Buffer.from(items.map(item => renderItem(item, this.#clockAheadSeconds)).join('')))
  }

  async complete(notSeen: NotSeen): Promise<void> {
    await this.#output.write(Buffer.from(`# ${[`${this.#items} items`, ...describe(notSeen)].join(', ')}\n`))
    await this.#output.complete()
  }

  async interrupt(): Promise<string | null> {
    await this.#output.write(Buffer.from(`# interrupted after ${this.#items} items\n`))
    return await this.#output.interrupt()
  }
}

/** Key, flags, exptime, length and value with tabs between them, which are in none of them. */
export function renderItem({key, flags, expiresAt, value}: StoredItem, clockAheadSeconds: number): string {
  const exptime = renderExptime(expiresAt === null || expiresAt === 0 ? expiresAt : expiresAt - clockAheadSeconds)
  const columns = [toPrintable(Buffer.from(key, 'latin1')), flags, exptime, value.length, toPrintable(value)]
  return `${columns.join('\t')}\n`
}

/** By our clock. */
function renderExptime(seconds: number | null): string {
  if (seconds === null) return 'unknown'
  if (seconds === 0) return 'never'
  return seconds > DATE_MAX_SECONDS ? String(seconds) : new Date(seconds * 1000).toISOString().replace('.000', '')
}

function describe({hidden, unreadable, exptimeUnknown, damage}: NotSeen): string[] {
  return [
    ...(hidden === 0 ? [] : [`${hidden ?? 'an unknown number'} not listed by the server`]),
    ...(unreadable === 0 ? [] : [`${unreadable} that no protocol of the server can name`]),
    ...(exptimeUnknown === 0 ? [] : [`${exptimeUnknown} with an unknown exptime`]),
    ...(damage === null ? [] : [`cut: ${damage}`]),
  ]
}
