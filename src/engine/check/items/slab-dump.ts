import {bulkLimits} from '../../../ask/ask-limits.js'
import {RawConnection} from '../../../ask/raw-connection.js'
import type {Address} from '../../../protocol/address.js'
import type {ItemConnectionOptions} from './item-connection.js'

/** A key of `stats cachedump` with its exptime as shown there. */
export interface DumpedKey {
  /** Bytes: latin1. */
  readonly key: string
  readonly shownSeconds: number
  /** Of the value. */
  readonly bytes: number
}

const END = 'END\r\n'
/** memcached shows 2 MB of each class. */
const DUMP_MAX_BYTES = 8 * 1024 * 1024

/**
 * Reads `stats cachedump`, which does not escape keys: one with line ends looks
 * like several lines. So the end is marked by the answer to a second command.
 */
export class SlabDump {
  readonly #connection: RawConnection
  /** The answer that marks the end. */
  #mark: string | undefined

  constructor(address: Address, {timeoutMs, signal}: ItemConnectionOptions) {
    const {bytesPerSecondMin} = bulkLimits
    const limits = {timeoutMs, bytesPerSecondMin, maxBytes: DUMP_MAX_BYTES}
    this.#connection = new RawConnection({address, expected: 'keys', limits, signal})
  }

  /**
   * The keys of a slab class; null when the server does not tell.
   * @throws AskError when it does not answer
   */
  async keysOf(slabClass: string): Promise<readonly DumpedKey[] | null> {
    this.#mark ??= await this.#connection.ask(Buffer.from('version\r\n'), received => {
      const end = received.indexOf('\r\n') + 2
      return end < 2 ? null : {answer: received.toString('latin1', 0, end), bytes: end}
    })
    const mark = this.#mark
    const text = await this.#connection.ask(Buffer.from(`stats cachedump ${slabClass} 0\r\nversion\r\n`), received => {
      if (!received.subarray(-mark.length).equals(Buffer.from(mark, 'latin1'))) return null
      const dump = received.toString('latin1', 0, received.length - mark.length)
      const isWhole = dump.startsWith('ITEM ') ? dump.endsWith(`\r\n${END}`) : dump.endsWith('\r\n')
      return isWhole ? {answer: dump, bytes: received.length} : null
    })
    return readDump(text)
  }

  close(): void {
    this.#connection.close()
  }
}

/** The keys in a dump; null when the text is none. Text in a key that looks like the next entry is taken for one. */
export function readDump(text: string): DumpedKey[] | null {
  if (!text.endsWith(END)) return null
  const entries = text.slice(0, -END.length)
  const keys: DumpedKey[] = []
  const entry = /ITEM ([\s\S]{1,250}?) \[(\d+) b; (\d+) s\]\r\n(?=ITEM |$)/gy
  for (let found = entry.exec(entries); found !== null; found = entry.exec(entries)) {
    keys.push({key: found[1]!, bytes: Number(found[2]), shownSeconds: Number(found[3])})
  }
  return entries === '' || keys.length > 0 ? keys : null
}
