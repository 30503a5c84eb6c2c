import {randomBytes} from 'node:crypto'
import {lookAtServers} from '../../../ask/look/look-at-server.js'
import {resolveHost} from '../../../ask/resolve-host.js'
import type {Address} from '../../../protocol/address.js'
import {formatAddress} from '../../../protocol/address.js'
import {attachTopology} from '../../../server/topology/attached-node.js'
import {launchTopology} from '../../../server/topology/topology.js'
import {hasPair, topologyPlans} from '../../../server/topology/topology-plans.js'
import {checkBigValues, forgetKeys} from '../../../telnet/verify/big-values.js'
import {SMALL_ITEM_ARGS} from '../../../telnet/verify/known-faults.js'
import type {VerifyNode} from '../../../telnet/verify/nodes.js'
import {makeVerifyPlan} from '../../../telnet/verify/plan.js'
import {runKnownFaults} from '../../../telnet/verify/run-known-faults.js'
import {runVerify, type StepResult} from '../../../telnet/verify/run-verify.js'
import type {CliContext, RegisterCommand} from '../../app/context.js'
import {UsageError} from '../../app/errors.js'
import {type ExitCode, exitCodes} from '../../app/exit-codes.js'
import {formatJson} from '../../app/json-text.js'
import {exitCodeOfSignal} from '../../app/shutdown.js'
import {addNodeOptions, type NodeOptions, readLaunchOptions} from '../../options/node-options.js'
import {addServer, readDuration} from '../../options/option-readers.js'
import {verifyDocument, verifyLine, verifySummary, verifyVerdict} from './verify-report.js'

const DEFAULT_WAIT_SECONDS = 2
/** The node that dials, in every topology with a pair. */
const SECOND = 's1'

interface VerifyOptions extends NodeOptions {
  readonly server?: readonly Address[]
  readonly wait?: number
  readonly flush?: true
  readonly knownFaults?: true
  readonly json?: true
}

/** Two nodes to check, and what to do with them. */
interface Subject {
  readonly topology: string
  readonly first: VerifyNode
  readonly second: VerifyNode
  /** Put before every key. */
  readonly prefix: string
  readonly mayFlush: boolean
  /** Restarts the second node, where it is ours. */
  readonly restartSecond: (() => Promise<void>) | null
  close(): Promise<void>
}

export const registerVerify: RegisterCommand = (program, context) => {
  const command = program
    .command('verify')
    .summary('check, step by step, that two nodes replicate in both directions')
    .description('Check that two nodes replicate to each other: one ✓ or ✗ for each step, with the lag seen.')
    .argument('[topology]', `launched for the check: ${pairNames().join(', ')} (default: pair)`)
    .option('--server <host:port>', 'check two running nodes instead (give it twice)', addServer)
    .option('--wait <duration>', 'how long a write may take to reach the other node (default: 2s)', readDuration)
    .option('--flush', 'with --server: also try flush_all, which EMPTIES both nodes')
    .option('--known-faults', 'then look for the ways in which repcached makes nodes differ, with a further pair')
    .option('--json', 'print one JSON document')
  addNodeOptions(command)
  command
    .addHelpText(
      'after',
      `
Examples:
  repbench verify
  repbench verify mixed --repcached-bin ./memcached
  repbench verify repcached --known-faults
  repbench verify --server 10.0.0.1:11211 --server 10.0.0.2:11211

Running nodes keep their items: keys get a prefix of their own and are deleted in the end.
Exit status: 0 every step passed, 1 a step failed.`,
    )
    .action(
      context.action((topology: string | undefined, options: VerifyOptions) => verify({topology, options, context})),
    )
}

interface VerifyCommand {
  topology: string | undefined
  options: VerifyOptions
  context: CliContext
  /** Arguments for the second node besides its own. */
  moreOfSecond?: readonly string[]
}

async function verify(parts: VerifyCommand): Promise<ExitCode | number> {
  const {options, context} = parts
  const {stdout, stderr, version, shutdown} = context
  const startedAt = new Date()
  const startedAtMs = performance.now()
  const steps: StepResult[] = []
  const onStep = (step: StepResult): void => {
    steps.push(step)
    if (!options.json) stdout.write(`${verifyLine(step)}\n`)
  }
  const subject = await findSubject(parts)
  stderr.write(`${subject.topology}: ${describe(subject.first)}, ${describe(subject.second)}\n`)
  try {
    await checkByTheBook(subject, {...parts, onStep})
    if (options.knownFaults) await lookForKnownFaults(subject, {...parts, onStep})
  } catch (error) {
    // What was found up to Ctrl-C is told.
    if (shutdown.received === undefined) throw error
  }
  const interrupted = shutdown.received !== undefined
  const {topology, first, second} = subject
  const durationSeconds = (performance.now() - startedAtMs) / 1000
  const waitLimitMs = waitLimitOf(options)
  const facts = {version, startedAt, topology, nodes: [first, second], waitLimitMs, durationSeconds, interrupted, steps}
  stdout.write(options.json ? formatJson(verifyDocument(facts)) : `${verifySummary(facts)}\n`)
  if (shutdown.received !== undefined) return exitCodeOfSignal(shutdown.received)
  return verifyVerdict(facts) === 'pass' ? exitCodes.pass : exitCodes.fail
}

type VerifyStage = VerifyCommand & {onStep: (step: StepResult) => void}

async function checkByTheBook(subject: Subject, {options, context, onStep}: VerifyStage): Promise<void> {
  const {first, second, prefix, mayFlush} = subject
  const common = {first, second, waitLimitMs: waitLimitOf(options), signal: context.shutdown.signal, onStep}
  try {
    const steps = await runVerify({...common, plan: makeVerifyPlan({prefix}), mayFlush})
    // Where nothing crosses, big values have nothing to add.
    if (steps.every(({verdict}) => verdict !== 'fail')) {
      const {keys} = await checkBigValues({...common, prefix})
      if (!mayFlush) await forgetKeys({first, second}, keys, common)
    }
  } finally {
    await subject.close()
  }
}

/** On a pair of its own: afterwards its nodes differ. */
async function lookForKnownFaults(checked: Subject, stage: VerifyStage): Promise<void> {
  const {options, context, onStep} = stage
  const isOurs = checked.restartSecond !== null
  const subject = isOurs ? await findSubject({...stage, moreOfSecond: SMALL_ITEM_ARGS}) : checked
  try {
    await runKnownFaults({
      ...subject,
      waitLimitMs: waitLimitOf(options),
      signal: context.shutdown.signal,
      onStep,
    })
  } finally {
    await subject.close()
  }
}

function waitLimitOf({wait = DEFAULT_WAIT_SECONDS}: VerifyOptions): number {
  return wait * 1000
}

async function findSubject({topology, options, context, moreOfSecond = []}: VerifyCommand): Promise<Subject> {
  const {server: servers = [], flush = false} = options
  if (servers.length === 0) return launchSubject({name: topology ?? 'pair', options, context, moreOfSecond})
  const [first, second] = servers
  if (topology !== undefined)
    throw new UsageError(`Expected either a topology or --server, got '${topology}' and --server`)
  if (first === undefined || second === undefined || servers.length > 2) {
    throw new UsageError(`Expected --server twice, got it ${servers.length === 1 ? 'once' : `${servers.length} times`}`)
  }
  await assertTwoNodes([first, second], context.shutdown.signal)
  await lookAtServers([first, second], {signal: context.shutdown.signal})
  const {master, slave} = attachTopology([first, second]).pair!
  return {
    topology: 'running',
    first: master,
    second: slave,
    prefix: `repbench:${randomBytes(4).toString('hex')}:`,
    mayFlush: flush,
    restartSecond: null,
    close: async () => {},
  }
}

interface LaunchedSubject extends Omit<Required<VerifyCommand>, 'topology'> {
  name: string
}

async function launchSubject({name, options, context, moreOfSecond}: LaunchedSubject): Promise<Subject> {
  const {shutdown} = context
  if (options.flush)
    throw new UsageError('Expected --flush with --server only, got it with a topology, which is always flushed')
  if (topologyPlans.some(plan => plan.name === name) && !pairNames().includes(name)) {
    throw new UsageError(`Expected a topology with a pair (${pairNames().join(', ')}), got '${name}'`)
  }
  const launch = readLaunchOptions(options, context)
  const nodeArgsOf = {...launch.nodeArgsOf, [SECOND]: [...(launch.nodeArgsOf?.[SECOND] ?? []), ...moreOfSecond]}
  const topology = await launchTopology({...launch, nodeArgsOf, name})
  const forget = shutdown.add(() => topology.close())
  const {master: first, slave: second} = topology.pair!
  return {
    topology: name,
    first,
    second,
    prefix: '',
    mayFlush: true,
    restartSecond: async () => {
      await second.stop()
      await second.start()
    },
    close: () => {
      forget()
      return topology.close()
    },
  }
}

/** One node twice would pass every step. */
async function assertTwoNodes(servers: readonly [Address, Address], signal: AbortSignal): Promise<void> {
  // A name that cannot be resolved is reported by the dial.
  const resolve = async ({host, port}: Address) => `${await resolveHost(host, {signal}).catch(() => host)} ${port}`
  const [first, second] = await Promise.all(servers.map(resolve))
  if (first === second)
    throw new UsageError(`Expected two different nodes, got ${servers.map(formatAddress).join(' and ')}`)
}

function pairNames(): string[] {
  return topologyPlans.filter(hasPair).map(plan => plan.name)
}

function describe({name, address}: VerifyNode): string {
  const where = formatAddress(address)
  return name === where ? where : `${name} ${where}`
}
