import {randomBytes} from 'node:crypto'
import {lookup} from 'node:dns/promises'
import type {Address} from '../../protocol/address.js'
import {formatAddress} from '../../protocol/address.js'
import {attachTopology} from '../../server/attach-topology.js'
import {launchTopology} from '../../server/topology.js'
import {hasPair, topologyPlans} from '../../server/topology-plans.js'
import {makeVerifyPlan} from '../../telnet/verify/plan.js'
import {runVerify, type StepResult, type VerifyNode} from '../../telnet/verify/run-verify.js'
import type {CliContext, RegisterCommand} from '../context.js'
import {UsageError} from '../errors.js'
import {type ExitCode, exitCodes} from '../exit-codes.js'
import {readDuration, readServer} from '../options.js'
import {verifyDocument, verifyLine, verifySummary, verifyVerdict} from '../reports/verify-report.js'
import {addTopologyOptions, readLaunchOptions, type TopologyOptions} from '../topology-options.js'

const DEFAULT_WAIT_SECONDS = 2

interface VerifyOptions extends TopologyOptions {
  readonly server?: readonly Address[]
  readonly wait?: number
  readonly flush?: true
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
  close(): Promise<void>
}

export const registerVerify: RegisterCommand = (program, context) => {
  const command = program
    .command('verify')
    .summary('check by the book that two nodes replicate, both ways')
    .description('Check that two nodes replicate to each other: one ✓ or ✗ for each step, with the lag seen.')
    .argument('[topology]', `launched for the check: ${pairNames().join(', ')} (default: pair)`)
    .option('--server <host:port>', 'check two running nodes instead (give it twice)', collectServers)
    .option('--wait <duration>', 'how long a write may take to reach the other node (default: 2s)', readDuration)
    .option('--flush', 'with --server: also try flush_all, which EMPTIES both nodes')
    .option('--json', 'print one JSON document')
  addTopologyOptions(command)
  command
    .addHelpText(
      'after',
      `
Examples:
  repbench verify
  repbench verify mixed --repcached-bin ./memcached
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
}

async function verify({topology, options, context}: VerifyCommand): Promise<ExitCode> {
  const {stdout, stderr, shutdown, version} = context
  const startedAt = new Date()
  const startedAtMs = performance.now()
  const subject = await findSubject({topology, options, context})
  const {first, second} = subject
  stderr.write(`${subject.topology}: ${describe(first)}, ${describe(second)}\n`)
  try {
    const onStep = (step: StepResult) => void (options.json || stdout.write(`${verifyLine(step)}\n`))
    const waitLimitMs = (options.wait ?? DEFAULT_WAIT_SECONDS) * 1000
    const plan = makeVerifyPlan({prefix: subject.prefix})
    const {mayFlush} = subject
    const steps = await runVerify({plan, first, second, waitLimitMs, mayFlush, signal: shutdown.signal, onStep})
    const durationSeconds = (performance.now() - startedAtMs) / 1000
    if (options.json) {
      const {topology: name} = subject
      const facts = {version, startedAt, topology: name, nodes: [first, second], waitLimitMs, durationSeconds, steps}
      stdout.write(`${JSON.stringify(verifyDocument(facts), null, 2)}\n`)
    } else stdout.write(`${verifySummary(steps, durationSeconds)}\n`)
    return verifyVerdict(steps) === 'pass' ? exitCodes.pass : exitCodes.fail
  } finally {
    await subject.close()
  }
}

async function findSubject({topology, options, context}: VerifyCommand): Promise<Subject> {
  const {server: servers = [], flush = false} = options
  if (servers.length === 0) return launchSubject({name: topology ?? 'pair', options, context})
  const [first, second] = servers
  if (topology !== undefined)
    throw new UsageError(`Expected either a topology or --server, got '${topology}' and --server`)
  if (first === undefined || second === undefined || servers.length > 2) {
    throw new UsageError(`Expected --server twice, got it ${servers.length === 1 ? 'once' : `${servers.length} times`}`)
  }
  await assertTwoNodes(first, second)
  const {master, slave} = attachTopology([first, second]).pair!
  return {
    topology: 'running',
    first: master,
    second: slave,
    prefix: `repbench:${randomBytes(4).toString('hex')}:`,
    mayFlush: flush,
    close: async () => {},
  }
}

interface LaunchedSubject {
  name: string
  options: VerifyOptions
  context: CliContext
}

async function launchSubject({name, options, context}: LaunchedSubject): Promise<Subject> {
  const {shutdown} = context
  if (options.flush)
    throw new UsageError('Expected --flush with --server only, got it with a topology, which is always flushed')
  if (topologyPlans.some(plan => plan.name === name) && !pairNames().includes(name)) {
    throw new UsageError(`Expected a topology with a pair (${pairNames().join(', ')}), got '${name}'`)
  }
  const topology = await launchTopology({...readLaunchOptions(options, context), name})
  const forget = shutdown.add(() => topology.close())
  const {master: first, slave: second} = topology.pair!
  return {
    topology: name,
    first,
    second,
    prefix: '',
    mayFlush: true,
    close: () => {
      forget()
      return topology.close()
    },
  }
}

/** One node twice would pass every step. */
async function assertTwoNodes(...servers: readonly [Address, Address]): Promise<void> {
  // A name that cannot be resolved is reported by the dial.
  const resolve = async ({host, port}: Address) =>
    `${await lookup(host).then(
      ({address}) => address,
      () => host,
    )} ${port}`
  const [first, second] = await Promise.all(servers.map(resolve))
  if (first === second)
    throw new UsageError(`Expected two different nodes, got ${servers.map(formatAddress).join(' and ')}`)
}

function pairNames(): string[] {
  return topologyPlans.filter(hasPair).map(plan => plan.name)
}

function collectServers(text: string, before: readonly Address[] = []): readonly Address[] {
  return [...before, readServer(text)]
}

function describe({name, address}: VerifyNode): string {
  const where = formatAddress(address)
  return name === where ? where : `${name} ${where}`
}
