import {createInterface} from 'node:readline'
import {readServerFacts} from '../../../engine/transfer/items/server-facts.js'
import type {ListedKeys} from '../../../engine/transfer/keys/list-server-keys.js'
import type {SyncPolicy, WinnerRule} from '../../../engine/transfer/sync/decide.js'
import {type SyncOptions, type SyncResult, syncServers} from '../../../engine/transfer/sync/sync-servers.js'
import {type Address, formatAddress} from '../../../protocol/address.js'
import {messageOf, RepbenchError} from '../../../protocol/errors.js'
import {toPrintable} from '../../../protocol/printable.js'
import type {CliContext} from '../../app/context.js'
import {UsageError} from '../../app/errors.js'
import {type ExitCode, exitCodes} from '../../app/exit-codes.js'
import {formatJson, jsonLine} from '../../app/json-text.js'
import {exitCodeOfSignal} from '../../app/shutdown.js'
import {OutputFile} from '../../files/output-file.js'
import {keepHeapSmall} from '../../transfer/small-heap.js'
import {spoolFoundKeys, spoolKeys} from '../../transfer/spool-keys.js'
import {paceOf, type WriteChoice} from '../../transfer/transfer-options.js'
import {TransferProgress} from '../../transfer/transfer-progress.js'
import {formatOutcome, formatPlan, type SyncFacts, syncDocument, syncVerdict, work} from './sync-report.js'

export interface SyncCommandOptions extends WriteChoice {
  readonly overwrite?: true
  readonly delete?: true
  readonly both?: true
  readonly prefer?: 'from' | 'to' | 'later'
  readonly keys?: string
  readonly only?: string
  readonly dryRun?: true
  readonly yes?: true
  readonly out?: string
  readonly json?: true
}

interface SyncCommand {
  readonly from: Address
  readonly to: Address
  readonly options: SyncCommandOptions
  readonly context: CliContext
}

/** `repbench sync`. */
export async function runSyncCommand(command: SyncCommand): Promise<ExitCode | number> {
  const {from, to, options, context} = command
  const {stdout, stderr, shutdown, version} = context
  if (formatAddress(from) === formatAddress(to)) {
    throw new UsageError(`Expected two different servers, got ${formatAddress(from)} twice`)
  }
  const policy = policyOf(options)
  keepHeapSmall()
  const start = {version, startedAt: new Date(), from: formatAddress(from), to: formatAddress(to)}
  const keys = await keysOf(options, context)
  const out = options.out === undefined ? null : new OutputFile({option: '--out', path: options.out})
  let facts: SyncFacts
  try {
    facts = {...start, ...(await sync(command, {policy, keys, out}))}
  } catch (error) {
    out?.abandon()
    if (shutdown.received === undefined && (!(error instanceof RepbenchError) || error instanceof UsageError))
      throw error
    facts = {...start, plan: null, outcome: null, after: null, problem: messageOf(error)}
  } finally {
    keys?.spool.close()
  }
  if (facts.problem === null) await out?.complete()
  if (shutdown.received !== undefined) {
    const done = facts.outcome === null ? 0 : work(facts.outcome.counts.done)
    stderr.write(`repbench: interrupted after ${done} writes; run it again for the rest: what is done stays\n`)
  }
  stdout.write(options.json ? formatJson(syncDocument(facts)) : formatOutcome(facts))
  return shutdown.received === undefined ? exitCodes[syncVerdict(facts)] : exitCodeOfSignal(shutdown.received)
}

interface SyncParts {
  readonly policy: SyncPolicy
  readonly keys: ListedKeys | undefined
  readonly out: OutputFile | null
}

/** The plan, the question, the sync, and what differs after it. */
async function sync(
  {from, to, options, context}: SyncCommand,
  {policy, keys, out}: SyncParts,
): Promise<Pick<SyncFacts, 'plan' | 'outcome' | 'after' | 'problem'>> {
  const {stdout, stderr, stdin, shutdown} = context
  const {signal} = shutdown
  const [fromFacts, toFacts] = await Promise.all([readServerFacts(from, {signal}), readServerFacts(to, {signal})])
  const unguarded = [fromFacts, toFacts].find(facts => !facts.hasCas && isReplacedOn(facts === toFacts, policy))
  if (unguarded !== undefined) {
    const got = `${formatAddress(unguarded.address)} without`
    throw new UsageError(`Expected a server with cas uniques, which guard what is replaced, got ${got}`)
  }
  const run = async (
    mode: SyncOptions['mode'],
    verb: string,
    onDifference?: SyncOptions['onDifference'],
  ): Promise<SyncResult> => {
    const progress = new TransferProgress({stderr, verb})
    try {
      return await syncServers({
        from: fromFacts,
        to: toFacts,
        policy,
        mode,
        keys,
        pace: paceOf(options, signal),
        unknownTtlSeconds: options.exptimeUnknown ?? null,
        despiteEvictions: options.despiteEvictions ?? false,
        signal,
        onProgress: ({done, total}) =>
          progress.show({
            items: done,
            bytes: null,
            of: total,
            share: total === null || total === 0 ? null : done / total,
          }),
        onDifference,
      })
    } finally {
      progress.clear()
    }
  }
  const write: SyncOptions['onDifference'] = ({key, ...rest}) =>
    out?.add(jsonLine({key: toPrintable(Buffer.from(key, 'latin1')), ...rest}))
  let plan: SyncResult | null = null
  if (options.yes !== true) {
    plan = await run('plan', 'compared', write)
    if (!options.json) stdout.write(`${formatAddress(from)} → ${formatAddress(to)}\n\n${formatPlan(plan)}`)
    const ends = options.dryRun === true || plan.stoppedBy !== null || work(plan.counts.planned) === 0
    if (ends || signal.aborted) return {plan, outcome: null, after: null, problem: null}
    if (!stdin.isTTY || !stderr.isTTY) {
      stderr.write('repbench: nothing was written: --yes carries it out where there is no terminal to ask at\n')
      return {plan, outcome: null, after: null, problem: null}
    }
    if (!(await agrees(context))) return {plan, outcome: null, after: null, problem: null}
  } else if (!options.json) stdout.write(`${formatAddress(from)} → ${formatAddress(to)}\n\n`)
  const outcome = await run('carryOut', 'synced', plan === null ? write : undefined)
  const after = outcome.stoppedBy === null ? await run('plan', 'compared again') : null
  return {plan, outcome, after, problem: null}
}

/** Whether a policy may replace or delete what a side has. */
function isReplacedOn(isTo: boolean, policy: SyncPolicy): boolean {
  if (policy.kind === 'oneWay') return isTo && (policy.overwrite || policy.delete)
  const {winner} = policy
  return winner.kind === 'laterExptime' || (winner.kind === 'side' && (winner.side === 'from') === isTo)
}

/** Reads one line of the terminal; its end, or Ctrl-C, is a no. */
async function agrees({stdin, stderr, shutdown}: CliContext): Promise<boolean> {
  stderr.write('Carry it out? [y/N] ')
  const lines = createInterface({input: stdin, signal: shutdown.signal})
  try {
    for await (const answer of lines) return /^y(es)?$/i.test(answer.trim())
    return false
  } finally {
    lines.close()
    stdin.pause()
  }
}

function policyOf(options: SyncCommandOptions): SyncPolicy {
  const {both, prefer, overwrite = false} = options
  if (options.dryRun && options.yes) throw new UsageError('Expected --dry-run or --yes, got both')
  if (options.keys !== undefined && options.only !== undefined)
    throw new UsageError('Expected --keys or --only, got both')
  if (both !== true) {
    if (prefer !== undefined) throw new UsageError(`Expected --prefer with --both, got --prefer ${prefer} alone`)
    return {kind: 'oneWay', overwrite, delete: options.delete ?? false}
  }
  if (overwrite || options.delete) {
    throw new UsageError(
      `Expected --both without ${overwrite ? '--overwrite' : '--delete'} (--prefer says which item wins), got both`,
    )
  }
  return {kind: 'both', winner: winnerOf(prefer)}
}

function winnerOf(prefer: SyncCommandOptions['prefer']): WinnerRule {
  if (prefer === undefined) return {kind: 'none'}
  return prefer === 'later' ? {kind: 'laterExptime'} : {kind: 'side', side: prefer}
}

async function keysOf({keys, only}: SyncCommandOptions, context: CliContext): Promise<ListedKeys | undefined> {
  if (only !== undefined) return await spoolFoundKeys(only, context)
  return keys === undefined ? undefined : await spoolKeys(keys, context)
}
