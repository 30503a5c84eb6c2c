import type {DumpHeader} from '../../../engine/transfer/dump/dump-documents.js'
import {DumpError} from '../../../engine/transfer/dump/dump-error.js'
import {openDumpFile} from '../../../engine/transfer/dump/dump-file-source.js'
import {readServerFacts} from '../../../engine/transfer/items/server-facts.js'
import {type Address, formatAddress} from '../../../protocol/address.js'
import {messageOf, RepbenchError} from '../../../protocol/errors.js'
import type {CliContext} from '../../app/context.js'
import {UsageError} from '../../app/errors.js'
import {type ExitCode, exitCodes} from '../../app/exit-codes.js'
import {formatJson} from '../../app/json-text.js'
import {exitCodeOfSignal} from '../../app/shutdown.js'
import {describeInterruptedMove, moveVerdict} from '../../transfer/move-report.js'
import {type MoveOutcome, moveToServer} from '../../transfer/move-to-server.js'
import {openInput} from '../../transfer/open-input.js'
import {keepHeapSmall} from '../../transfer/small-heap.js'
import {paceOf, type WriteChoice} from '../../transfer/transfer-options.js'
import {TransferProgress} from '../../transfer/transfer-progress.js'
import {formatRestore, type RestoreFacts, restoreDocument} from './restore-report.js'

export interface RestoreCommandOptions extends WriteChoice {
  readonly overwrite?: true
  readonly keepTtl?: true
  readonly json?: true
}

interface RestoreCommand {
  /** - = stdin. */
  readonly file: string
  readonly server: Address
  readonly options: RestoreCommandOptions
  readonly context: CliContext
}

/** `repbench restore`. */
export async function runRestoreCommand(command: RestoreCommand): Promise<ExitCode | number> {
  const {file, server, options, context} = command
  const {stdout, stderr, shutdown, version} = context
  keepHeapSmall()
  const startedAt = new Date()
  let header: DumpHeader | null = null
  let outcome: MoveOutcome | null = null
  let problem: string | null = null
  try {
    outcome = await restore(command, read => {
      header = read
    })
    problem = outcome.problem
  } catch (error) {
    if (shutdown.received === undefined && (!(error instanceof RepbenchError) || error instanceof UsageError))
      throw error
    problem = messageOf(error)
  }
  const facts: RestoreFacts = {
    version,
    startedAt,
    file: file === '-' ? null : file,
    dump: header,
    server: formatAddress(server),
    mode: options.overwrite ? 'set' : 'add',
    outcome,
    problem,
  }
  if (shutdown.received !== undefined) stderr.write(describeInterruptedMove(outcome))
  else if (!options.json) stdout.write(formatRestore(facts))
  if (options.json) stdout.write(formatJson(restoreDocument(facts)))
  return shutdown.received === undefined ? exitCodes[moveVerdict(outcome)] : exitCodeOfSignal(shutdown.received)
}

async function restore(
  {file, server, options, context}: RestoreCommand,
  onHeader: (header: DumpHeader) => void,
): Promise<MoveOutcome> {
  const {signal} = context.shutdown
  const input = openInput({path: file, what: 'a dump'}, context)
  let readBytes = 0
  try {
    const source = await openDump(input, bytes => {
      readBytes += bytes
    })
    onHeader(source.header)
    const facts = await readServerFacts(server, {signal})
    const progress = new TransferProgress({stderr: context.stderr, verb: 'restored'})
    const share = (): number | null => (input.bytes === null ? null : readBytes / input.bytes)
    try {
      return await moveToServer({
        source,
        facts,
        mode: options.overwrite ? 'set' : 'add',
        shiftSeconds: shiftOf(source.header, facts.clockAheadSeconds, options.keepTtl ?? false),
        exptimeUnknown: options.exptimeUnknown,
        pace: paceOf(options, signal),
        despiteEvictions: options.despiteEvictions ?? false,
        signal,
        onProgress: moved => progress.show({...moved, of: null, share: share()}),
      })
    } finally {
      progress.clear()
    }
  } finally {
    input.chunks.destroy()
  }
}

/** @throws UsageError for something else than a dump; DumpError for a damaged one */
async function openDump(input: ReturnType<typeof openInput>, onBytes: (bytes: number) => void) {
  try {
    return await openDumpFile({name: input.name, chunks: input.chunks as AsyncIterable<Buffer>, onBytes})
  } catch (error) {
    if (!(error instanceof DumpError) || error.code === 'ERR_DUMP_DAMAGED') throw error
    throw new UsageError(error.message, {cause: error})
  }
}

/** From exptimes by the clock of the server that was dumped to exptimes by that of the server that is written to. */
function shiftOf({clockAheadSeconds, startedAt}: DumpHeader, aheadSeconds: number, keepTtl: boolean): number {
  const ageSeconds = keepTtl ? Math.max(0, Math.round((Date.now() - Date.parse(startedAt)) / 1000)) : 0
  return aheadSeconds - clockAheadSeconds + ageSeconds
}
