import {isIP} from 'node:net'
import {type Command, InvalidArgumentError, Option} from 'commander'
import type {Backend} from '../../server/node-api/cluster-node.js'
import type {LaunchOptions} from '../../server/topology/launch-options.js'
import {binPath} from '../app/bin-path.js'
import type {CliContext} from '../app/context.js'
import {type PassedArgs, readNodeArgs} from './node-args.js'
import {readInteger, readPort} from './option-readers.js'

const HELP_GROUP = 'Options of the nodes that are started:'
const backends: readonly Backend[] = ['embedded', 'memcached', 'repcached']

/** What the command line says of the nodes to be started. */
export interface TopologyOptions {
  readonly backend?: Backend
  readonly oneAddress?: true
  readonly address?: readonly [string, string?]
  readonly port?: number
  readonly crossedPorts?: true
  readonly memory?: number
  readonly nodeThreads?: number
  readonly maxConns?: number
  readonly queue?: number
  readonly resilient?: true
  readonly nodeArgs?: PassedArgs
  readonly memcachedBin?: string
  readonly repcachedBin?: string
}

/** Adds the options that every command has which starts a topology. */
export function addTopologyOptions(command: Command): void {
  // With running servers they would do nothing, silently.
  for (const option of topologyOptions()) command.addOption(option.conflicts('server').helpGroup(HELP_GROUP))
  addProgramOptions(command)
}

/** How nodes are set up, on a command line and in a form. */
export function topologyOptions(): Option[] {
  const count = (what: string, max: number) => (text: string) => readInteger({text, what, min: 1, max})
  return [
    new Option('--backend <name>', 'what the nodes of pair or single are').choices(backends),
    new Option('--one-address', 'both nodes on 127.0.0.1 with one -X, as operators do').conflicts('address'),
    new Option('--address <A[,B]>', 'where nodes listen; a pair on both, or all on one').argParser(readHosts),
    new Option('--port <N>', 'client port of the first node; the others follow it').argParser(readPort),
    new Option('--crossed-ports', 'a replication port for each node (-X LISTEN:CONNECT)'),
    new Option('--memory <MB>', 'memory for items (-m)').argParser(count('megabytes', 1_048_576)),
    new Option('--node-threads <N>', 'threads of a C program (-t)').argParser(count('a number of threads', 1024)),
    new Option('--max-conns <N>', 'connections of a node (-c)').argParser(count('a number of connections', 10_000_000)),
    new Option('--queue <N>', 'writes that may wait for the peer (-q)').argParser(count('a length', 100_000_000)),
    new Option('--resilient', 'embedded nodes find each other again after an outage'),
    new Option('--node-args <args>', "more arguments for all nodes, or for one: m1='-vv -I 2m'").argParser(
      readNodeArgs,
    ),
  ]
}

/** Of what is launched to be looked at; drills bring their own. */
export function thirdOption(): Option {
  return new Option(
    '--third',
    'also start a third process with the pair’s replication port, which breaks the pair later',
  )
}

/** Adds the options that name the C programs. */
export function addProgramOptions(command: Command): void {
  for (const option of programOptions()) command.addOption(option.conflicts('server').helpGroup(HELP_GROUP))
}

/** Which C programs are run. */
export function programOptions(): Option[] {
  return [
    new Option('--memcached-bin <file>', 'the native memcached (default: MEMCACHED_BIN, then PATH)'),
    new Option('--repcached-bin <file>', 'the real repcached (default: REPCACHED_BIN, then PATH)'),
  ]
}

/** What launchTopology is to do, but for the topology's name and what the caller adds. */
export function readLaunchOptions(options: TopologyOptions, context: CliContext): Omit<LaunchOptions, 'name'> {
  const {env, shutdown} = context
  return {binPath, env, signal: shutdown.signal, ...placementOf(options)}
}

/** What the options say of the nodes, and nothing else. */
export function placementOf(options: TopologyOptions): Omit<LaunchOptions, 'name' | 'binPath'> {
  return {
    backend: options.backend,
    hosts: options.oneAddress ? ['127.0.0.1'] : options.address,
    crossedPorts: options.crossedPorts,
    firstPort: options.port,
    tuning: {
      memoryMegabytes: options.memory,
      threads: options.nodeThreads,
      maxConnections: options.maxConns,
      queueLimit: options.queue,
      resilient: options.resilient,
    },
    nodeArgs: options.nodeArgs?.all,
    nodeArgsOf: options.nodeArgs?.of,
    programs: {memcached: options.memcachedBin, repcached: options.repcachedBin},
  }
}

function readHosts(text: string): [string, string?] {
  const [first = '', second, ...more] = text.split(',')
  if (!isHost(first) || (second !== undefined && !isHost(second)) || more.length > 0) {
    throw new InvalidArgumentError(`Expected one address or two, such as 127.0.0.1,127.0.0.2, got '${text}'`)
  }
  return second === undefined ? [first] : [first, second]
}

/** Whether it can be an address or a name; whether it is one of this machine is found out when it is listened on. */
function isHost(text: string): boolean {
  if (isIP(text) !== 0) return true
  return /^[\w-]+(\.[\w-]+)*$/.test(text) && /^[a-z]/i.test(text)
}
