import {availableParallelism} from 'node:os'
import {askOnce} from '../../../ask/ask-once.js'
import {lookAtServers} from '../../../ask/look/look-at-server.js'
import type {RunResult} from '../../../engine/result/run-result.js'
import {runLoad} from '../../../engine/run/run.js'
import {type Address, formatAddress, parseAddress} from '../../../protocol/address.js'
import type {CliContext} from '../../app/context.js'
import {UsageError} from '../../app/errors.js'
import {type ExitCode, exitCodes} from '../../app/exit-codes.js'
import {exitCodeOfSignal} from '../../app/shutdown.js'
import {makeRunDocument} from '../../documents/json/run-json.js'
import {saveRun} from '../../history/run-history.js'
import {describeSavedRun, saveResult} from '../../history/save-result.js'
import {makeMemslapLoads, type ServerLoad} from './memslap-plans.js'
import {formatMemslap, memslapFailures} from './memslap-report.js'
import type {MemslapTest} from './memslap-tests.js'

export interface MemslapOptions {
  readonly servers?: string
  readonly test: MemslapTest
  readonly concurrency: number
  readonly executeNumber: number
  readonly flush?: true
  readonly noreply?: true
  readonly quiet?: true
  readonly verbose?: true
  readonly debug?: true
  /** What memcslap has and this has not. */
  readonly binary?: true
  readonly udp?: true
  readonly username?: string
  readonly password?: string
}

/** `repbench memslap`. */
export async function runMemslapCommand(options: MemslapOptions, context: CliContext): Promise<ExitCode | number> {
  const {shutdown, stdout, stderr} = context
  refuseOtherProtocols(options)
  const servers = readServers(options.servers ?? context.env.MEMCACHED_SERVERS)
  const say = (text: string) => {
    if ((options.verbose || options.debug) && !options.quiet) stdout.write(`- ${text} ...\n`)
  }
  const {test, executeNumber, noreply = false} = options
  // As memcslap takes it.
  const concurrency = Math.max(1, options.concurrency)
  say(`Generating ${executeNumber} test keys`)
  const [loads, generateSeconds] = await timed(async () =>
    makeMemslapLoads({test, concurrency, executeNumber, noreply}, {servers, cpuCount: availableParallelism()}),
  )
  // Nothing is sent to what is no memcached; the load looks by itself.
  if (options.flush) await lookAtServers(servers, {signal: shutdown.signal})
  if (options.flush) say(`Flushing ${servers.length} servers`)
  const flushed = options.flush ? {servers: servers.length, seconds: await flush(servers, shutdown.signal)} : null
  say(`Starting test: ${executeNumber} x ${test} x ${concurrency}`)
  const [results, loadSeconds] = await timed(() => Promise.all(loads.map(load => run(load, shutdown.signal))))
  // Before anything is printed: whoever cannot take that takes nothing from the history.
  const notices = await keep(results, context)
  if (!options.quiet) {
    stdout.write(
      formatMemslap({test, concurrency, keys: executeNumber, flushed, generateSeconds, loadSeconds, results}),
    )
    for (const failure of memslapFailures(results)) stderr.write(`${failure}\n`)
    // Whoever wants no output wants no warning of a history that cannot be written either.
    for (const notice of notices) stderr.write(notice)
  }
  if (shutdown.received !== undefined) return exitCodeOfSignal(shutdown.received)
  return memslapFailures(results).length === 0 ? exitCodes.pass : exitCodes.fail
}

function run({server, plan}: ServerLoad, signal: AbortSignal): Promise<RunResult> {
  return runLoad({plan, targets: [server], signal})
}

async function flush(servers: readonly Address[], signal: AbortSignal): Promise<number> {
  const [, seconds] = await timed(() => Promise.all(servers.map(server => askOnce(server, 'flush_all', {signal}))))
  return seconds
}

/** Saves each run in the history. @returns a line for stderr of each */
async function keep(results: readonly RunResult[], context: CliContext): Promise<readonly string[]> {
  const notices: string[] = []
  for (const result of results) {
    const address = formatAddress(result.target)
    const topology = {name: 'attached', nodes: [{name: address, backend: null, address}]}
    const document = makeRunDocument({result, command: 'memslap', version: context.version, topology})
    const saved = await saveResult(() => saveRun({document, env: context.env}))
    notices.push(await describeSavedRun(saved, context.env))
  }
  return notices
}

function refuseOtherProtocols({binary, udp, username, password}: MemslapOptions): void {
  if (binary) throw new UsageError('Expected the text protocol, got --binary, which repbench memslap does not offer')
  if (udp) throw new UsageError('Expected TCP, got --udp, which repbench memslap does not offer')
  if (username !== undefined || password !== undefined) {
    throw new UsageError('Expected no SASL user or password: memslap speaks the text protocol, which has no SASL')
  }
}

/** `host:port,host:port` */
function readServers(text: string | undefined): Address[] {
  const names = (text ?? '').split(',').filter(name => name !== '')
  if (names.length === 0) {
    throw new UsageError('Expected --servers HOST:PORT,… or MEMCACHED_SERVERS in the environment, got none')
  }
  return names.map(parseAddress)
}

async function timed<Result>(body: () => Promise<Result>): Promise<[result: Result, seconds: number]> {
  const startMs = performance.now()
  const result = await body()
  return [result, (performance.now() - startMs) / 1000]
}
