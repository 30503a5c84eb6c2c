import {readServerFacts, type ServerFacts} from '../../../engine/transfer/items/server-facts.js'
import {ServerSource} from '../../../engine/transfer/server-source.js'
import {type Address, formatAddress} from '../../../protocol/address.js'
import {messageOf, RepbenchError} from '../../../protocol/errors.js'
import type {CliContext} from '../../app/context.js'
import {UsageError} from '../../app/errors.js'
import {type ExitCode, exitCodes} from '../../app/exit-codes.js'
import {formatJson} from '../../app/json-text.js'
import {exitCodeOfSignal} from '../../app/shutdown.js'
import {listKeys} from '../../transfer/list-keys.js'
import {describeInterruptedMove} from '../../transfer/move-report.js'
import {type MoveOutcome, moveToServer} from '../../transfer/move-to-server.js'
import {keepHeapSmall} from '../../transfer/small-heap.js'
import {paceOf, type WriteChoice} from '../../transfer/transfer-options.js'
import {TransferProgress} from '../../transfer/transfer-progress.js'
import {type CopyFacts, copyDocument, copyVerdict, formatCopy} from './copy-report.js'

export interface CopyCommandOptions extends WriteChoice {
  readonly overwrite?: true
  readonly keys?: string
  readonly json?: true
}

interface CopyCommand {
  readonly from: Address
  readonly to: Address
  readonly options: CopyCommandOptions
  readonly context: CliContext
}

/** `repbench copy`. */
export async function runCopyCommand(command: CopyCommand): Promise<ExitCode | number> {
  const {from, to, options, context} = command
  const {stdout, stderr, shutdown, version} = context
  if (formatAddress(from) === formatAddress(to)) {
    throw new UsageError(`Expected two different servers, got ${formatAddress(from)} twice`)
  }
  keepHeapSmall()
  const startedAt = new Date()
  let outcome: MoveOutcome | null = null
  let problem: string | null = null
  try {
    outcome = await copy(command)
    problem = outcome.problem
  } catch (error) {
    if (shutdown.received === undefined && (!(error instanceof RepbenchError) || error instanceof UsageError))
      throw error
    problem = messageOf(error)
  }
  const mode = options.overwrite ? 'set' : 'add'
  const facts: CopyFacts = {
    version,
    startedAt,
    from: formatAddress(from),
    to: formatAddress(to),
    mode,
    outcome,
    problem,
  }
  if (shutdown.received !== undefined) stderr.write(describeInterruptedMove(outcome))
  else if (!options.json) stdout.write(formatCopy(facts))
  if (options.json) stdout.write(formatJson(copyDocument(facts)))
  return shutdown.received === undefined ? exitCodes[copyVerdict(outcome)] : exitCodeOfSignal(shutdown.received)
}

async function copy({from, to, options, context}: CopyCommand): Promise<MoveOutcome> {
  const {signal} = context.shutdown
  const facts = await readServerFacts(to, {signal})
  const {server, keys} = await listKeys({server: from, path: options.keys}, context)
  const progress = new TransferProgress({stderr: context.stderr, verb: 'copied'})
  const of = keys.spool.count
  try {
    return await moveToServer({
      source: new ServerSource({facts: server, keys, signal}),
      facts,
      mode: options.overwrite ? 'set' : 'add',
      shiftSeconds: shiftBetween(server, facts),
      exptimeUnknown: options.exptimeUnknown,
      pace: paceOf(options, signal),
      despiteEvictions: options.despiteEvictions ?? false,
      signal,
      onProgress: moved => progress.show({...moved, of, share: moved.items / of}),
    })
  } finally {
    progress.clear()
    keys.spool.close()
  }
}

/** From exptimes by the clock of one server to exptimes by that of another. */
function shiftBetween(from: ServerFacts, to: ServerFacts): number {
  return to.clockAheadSeconds - from.clockAheadSeconds
}
