import {buffer} from 'node:stream/consumers'
import {AskError} from '../../../ask/ask-error.js'
import {lookAtServers} from '../../../ask/look/look-at-server.js'
import {LookError} from '../../../ask/look/look-error.js'
import {type DiffResult, diffNodes} from '../../../engine/check/diff-nodes.js'
import {type Address, formatAddress} from '../../../protocol/address.js'
import {messageOf} from '../../../protocol/errors.js'
import {isTextKey} from '../../../protocol/text/text-key.js'
import type {CliContext} from '../../app/context.js'
import {UsageError} from '../../app/errors.js'
import {type ExitCode, exitCodes} from '../../app/exit-codes.js'
import {formatJson, jsonLine} from '../../app/json-text.js'
import {exitCodeOfSignal} from '../../app/shutdown.js'
import {KeyProgress} from '../../documents/text/key-progress.js'
import {readInputFile} from '../../files/input-file.js'
import {OutputFile} from '../../files/output-file.js'
import {diffDocument, diffVerdict, formatDiff, shownKey} from './diff-report.js'

const KEYS_MAX_BYTES = 256 * 1024 * 1024

export interface DiffCommandOptions {
  readonly keys?: string
  /** Seconds. */
  readonly settle?: number
  readonly out?: string
  readonly json?: true
}

interface DiffCommand {
  readonly a: Address
  readonly b: Address
  readonly options: DiffCommandOptions
  readonly context: CliContext
}

/** `repbench diff`. */
export async function runDiffCommand({a, b, options, context}: DiffCommand): Promise<ExitCode | number> {
  const {stdout, stderr, shutdown, version} = context
  const startedAt = new Date()
  // A node never differs from itself.
  if (formatAddress(a) === formatAddress(b)) {
    throw new UsageError(`Expected two different nodes, got ${formatAddress(a)} twice`)
  }
  const keys = options.keys === undefined ? undefined : await readKeys(options.keys, context)
  const out = options.out === undefined ? undefined : new OutputFile({option: '--out', path: options.out})
  const progress = new KeyProgress(stderr, 'compared')
  let result: DiffResult | null = null
  let problem: string | null = null
  try {
    await lookAtServers([a, b], {signal: shutdown.signal})
    result = await diffNodes({
      a,
      b,
      keys,
      signal: shutdown.signal,
      ...(options.settle === undefined ? {} : {settleMs: options.settle * 1000}),
      onProgress: ({compared, keys}) => progress.show(compared, keys),
      onDifference: ({key, ...rest}) => out?.add(jsonLine({key: shownKey(key), ...rest})),
    })
    if (result === null) problem = 'Expected a node that can list its keys (or --keys), got two that cannot'
  } catch (error) {
    if (shutdown.received !== undefined) return exitCodeOfSignal(shutdown.received)
    if (!(error instanceof AskError || error instanceof LookError)) throw error
    problem = error.message
  } finally {
    progress.clear()
    if (result === null) out?.abandon()
  }
  const facts = {version, startedAt, a: formatAddress(a), b: formatAddress(b), result, problem}
  stdout.write(options.json ? formatJson(diffDocument(facts)) : formatDiff(facts))
  if (result !== null) await out?.complete()
  return exitCodes[diffVerdict(result)]
}

/** One key a line; `-` is the standard input. */
async function readKeys(path: string, {stdin}: Pick<CliContext, 'stdin'>): Promise<string[]> {
  try {
    const text =
      path === '-'
        ? (await buffer(stdin)).toString('latin1')
        : (await readInputFile(path, {maxBytes: KEYS_MAX_BYTES})).toString('latin1')
    const keys = [...new Set(text.split(/\r?\n/).filter(key => key !== ''))]
    if (keys.length === 0) throw new UsageError(`Expected keys, one a line, got none (${path})`)
    return keys.map((key, index) => checkKey(key, path, index))
  } catch (error) {
    if (error instanceof UsageError) throw error
    throw new UsageError(`Expected a readable --keys file, got ${messageOf(error)}`, {cause: error})
  }
}

function checkKey(key: string, path: string, index: number): string {
  if (isTextKey(key)) return key
  throw new UsageError(
    `Expected keys of 1 to 250 bytes without blanks, got '${key.slice(0, 40)}' (${path}, key ${index + 1})`,
  )
}
