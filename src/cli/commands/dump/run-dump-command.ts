import {chooseCompression} from '../../../engine/transfer/dump/block-content.js'
import type {Compression} from '../../../engine/transfer/dump/block-format.js'
import type {DumpHeader} from '../../../engine/transfer/dump/dump-documents.js'
import {DumpError} from '../../../engine/transfer/dump/dump-error.js'
import {DumpFileSink, type DumpSink} from '../../../engine/transfer/dump/dump-file-sink.js'
import {DumpTextSink} from '../../../engine/transfer/dump/dump-text-sink.js'
import type {ServerFacts} from '../../../engine/transfer/items/server-facts.js'
import type {ListedKeys} from '../../../engine/transfer/keys/list-server-keys.js'
import {type Moved, type NotSeen, pump} from '../../../engine/transfer/pump.js'
import {ServerSource} from '../../../engine/transfer/server-source.js'
import {type Address, formatAddress} from '../../../protocol/address.js'
import {messageOf, RepbenchError} from '../../../protocol/errors.js'
import type {CliContext} from '../../app/context.js'
import {UsageError} from '../../app/errors.js'
import {type ExitCode, exitCodes} from '../../app/exit-codes.js'
import {formatJson} from '../../app/json-text.js'
import {exitCodeOfSignal} from '../../app/shutdown.js'
import {formatCount} from '../../documents/phrases/format.js'
import {assertWritable} from '../../files/output-file.js'
import {listKeys} from '../../transfer/list-keys.js'
import {keepHeapSmall} from '../../transfer/small-heap.js'
import {type PaceChoice, paceOf} from '../../transfer/transfer-options.js'
import {TransferProgress} from '../../transfer/transfer-progress.js'
import {type DumpFacts, dumpDocument, dumpVerdict, formatDump} from './dump-report.js'
import {openOutput} from './open-output.js'

export interface DumpCommandOptions extends PaceChoice {
  readonly out: string
  readonly text?: true
  readonly compression?: Compression
  readonly keys?: string
  readonly json?: true
}

interface DumpCommand {
  readonly server: Address
  readonly options: DumpCommandOptions
  readonly context: CliContext
}

/** `repbench dump`. */
export async function runDumpCommand({server, options, context}: DumpCommand): Promise<ExitCode | number> {
  const {stdout, stderr, shutdown} = context
  keepHeapSmall()
  const isPiped = options.out === '-'
  if (isPiped && options.json) throw new UsageError('Expected --json or the dump on stdout, got both')
  const compression = readCompression(options)
  if (!isPiped) await assertWritable('--out', options.out)
  const facts = await new Dumping({server, options, context}, compression).run()
  const report = isPiped ? stderr : stdout
  const isInterrupted = shutdown.received !== undefined && facts.notSeen === null
  if (isInterrupted) stderr.write(describeInterrupt(facts))
  else if (!options.json) report.write(formatDump(facts))
  if (options.json) stdout.write(formatJson(dumpDocument(facts)))
  return isInterrupted ? exitCodeOfSignal(shutdown.received) : exitCodes[dumpVerdict(facts)]
}

function readCompression({text, compression}: DumpCommandOptions): Compression {
  try {
    return text ? 'none' : chooseCompression(compression)
  } catch (error) {
    throw new UsageError(messageOf(error), {cause: error})
  }
}

function describeInterrupt({items, listed, keptIn}: DumpFacts): string {
  const count = listed === null ? formatCount(items) : `${formatCount(items)} of ${formatCount(listed)}`
  const kept = keptIn === null ? '' : `; they are in ${keptIn}, which restore reads up to its end`
  return `repbench: interrupted after ${count} items${kept}; run it again for all\n`
}

/** One dump, as far as it gets. */
class Dumping {
  readonly #command: DumpCommand
  readonly #compression: Compression
  readonly #startedAt = new Date()
  #server: ServerFacts | null = null
  #keys: ListedKeys | null = null
  #sink: DumpSink | null = null
  #moved: Moved = {items: 0, bytes: 0}
  #notSeen: NotSeen | null = null

  constructor(command: DumpCommand, compression: Compression) {
    this.#command = command
    this.#compression = compression
  }

  /** @throws UsageError; DumpError when it can't be written */
  async run(): Promise<DumpFacts> {
    let problem: string | null = null
    let keptIn: string | null = null
    try {
      await this.#moveItems()
    } catch (error) {
      const isInterrupted = this.#command.context.shutdown.received !== undefined
      if (!(isInterrupted || error instanceof RepbenchError)) throw error
      if (error instanceof UsageError || (error instanceof DumpError && !isInterrupted)) throw error
      problem = messageOf(error)
      keptIn = (await this.#sink?.interrupt().catch(() => null)) ?? null
    } finally {
      this.#keys?.spool.close()
    }
    return {...this.#facts(), problem, keptIn}
  }

  async #moveItems(): Promise<void> {
    const {server, options, context} = this.#command
    const {signal} = context.shutdown
    const {server: facts, keys} = await listKeys({server, path: options.keys}, context)
    this.#server = facts
    this.#keys = keys
    const output = await openOutput({path: options.out, isText: options.text ?? false}, context)
    const parts = {output, header: this.#header(facts)}
    this.#sink = options.text
      ? await DumpTextSink.begin(parts)
      : await DumpFileSink.begin({...parts, compression: this.#compression})
    const progress = new TransferProgress({stderr: context.stderr, verb: 'dumped'})
    const of = keys.spool.count
    try {
      const {notSeen} = await pump({
        source: new ServerSource({facts, keys, signal}),
        sink: this.#sink,
        pace: paceOf(options, signal),
        onProgress: moved => {
          this.#moved = moved
          signal.throwIfAborted()
          progress.show({...moved, of, share: moved.items / of})
        },
      })
      await this.#sink.complete(notSeen)
      this.#notSeen = notSeen
    } finally {
      progress.clear()
    }
  }

  #header({version, clockAheadSeconds}: ServerFacts): DumpHeader {
    return {
      version: this.#command.context.version,
      server: formatAddress(this.#command.server),
      serverVersion: version,
      startedAt: new Date().toISOString(),
      clockAheadSeconds,
    }
  }

  #facts(): Omit<DumpFacts, 'problem' | 'keptIn'> {
    const {server, options, context} = this.#command
    return {
      version: context.version,
      startedAt: this.#startedAt,
      seconds: (Date.now() - this.#startedAt.getTime()) / 1000,
      server: formatAddress(server),
      serverVersion: this.#server?.version ?? null,
      file: options.out === '-' ? null : options.out,
      form: options.text ? 'text' : 'dump',
      compression: this.#compression,
      listedBy: this.#keys?.way ?? null,
      listed: this.#keys?.spool.count ?? null,
      items: this.#moved.items,
      bytes: this.#moved.bytes,
      notSeen: this.#notSeen,
    }
  }
}
