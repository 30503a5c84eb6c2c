import {isIP} from 'node:net'
import {type Command, InvalidArgumentError} from 'commander'
import {type Backend, backendNames, type ProgramName, programs} from '../../server/programs/backends/registry.js'
import type {NodeTuning} from '../../server/programs/node-tuning.js'
import type {LaunchOptions} from '../../server/topology/launch-options.js'
import {binPath} from '../app/bin-path.js'
import type {CliContext} from '../app/context.js'
import {addOptions} from './command-options.js'
import {type PassedArgs, readNodeArgs} from './node-args.js'
import {readInteger, readPort} from './option-readers.js'
import {type CommandValues, changesOf, givenOf, type OptionSpec, type OptionTable} from './option-spec.js'

/** An option of the nodes that are started. */
interface NodeOption<Value> extends OptionSpec<Value> {
  /** How it changes the nodes' set-up; absent: placementOf() places it. */
  sets?(value: Value): NodeTuning
}

const valued = <Value>(option: NodeOption<Value> & {readonly value: string}): NodeOption<Value> => option
const onOff = (option: NodeOption<true>): NodeOption<true> => option
const count = (what: string, max: number) => (text: string) => readInteger({text, what, min: 1, max})

/** The options that name the C programs. */
const programOptions = Object.fromEntries(
  programs.map(({name, title}, index) => [
    `${name}-bin`,
    valued<string>({
      value: '<file>',
      summary: title,
      defaultWords: `${name.toUpperCase()}_BIN, then PATH`,
      ...(index === 0 ? {group: 'which programs'} : {}),
    }),
  ]),
) as Readonly<Record<`${ProgramName}-bin`, NodeOption<string>>>

/**
 * The options of every command and form that starts nodes. A new one = one entry,
 * and what the server does with it: a setting of nodes by `sets`, another in placementOf().
 */
export const nodeOptions = {
  backend: valued<Backend>({
    value: '<name>',
    summary: 'what the nodes of pair or single are',
    choices: backendNames,
  }),
  'one-address': onOff({
    summary: 'both nodes on 127.0.0.1 with one -X, as operators do',
    conflicts: ['address'],
    group: 'where they listen',
  }),
  address: valued({value: '<A[,B]>', summary: 'where nodes listen; a pair on both, or all on one', read: readHosts}),
  port: valued({value: '<N>', summary: 'client port of the first node; the others follow it', read: readPort}),
  'crossed-ports': onOff({summary: 'a replication port for each node (-X LISTEN:CONNECT)'}),
  memory: valued({
    value: '<MB>',
    summary: 'memory for items (-m)',
    read: count('megabytes', 1_048_576),
    sets: memoryMegabytes => ({memoryMegabytes}),
    group: 'how they are set up',
  }),
  'node-threads': valued({
    value: '<N>',
    summary: 'threads of a C program (-t)',
    read: count('a number of threads', 1024),
    sets: threads => ({threads}),
  }),
  'max-conns': valued({
    value: '<N>',
    summary: 'connections of a node (-c)',
    read: count('a number of connections', 10_000_000),
    sets: maxConnections => ({maxConnections}),
  }),
  queue: valued({
    value: '<N>',
    summary: 'writes that may wait for the peer (-q)',
    read: count('a length', 100_000_000),
    sets: queueLimit => ({queueLimit}),
  }),
  resilient: onOff({
    summary: 'embedded nodes find each other again after an outage',
    sets: resilient => ({resilient}),
  }),
  'node-args': valued<PassedArgs>({
    value: '<args>',
    summary: "more arguments for all nodes, or for one: m1='-vv -I 2m'",
    read: readNodeArgs,
  }),
  ...programOptions,
} satisfies OptionTable

/** Of what is launched to be looked at; drills bring their own. */
export const thirdOption = {
  third: onOff({
    summary: 'also start a third process with the pair’s replication port, which breaks the pair later',
  }),
} satisfies OptionTable

/** What the command line says of the nodes to be started. */
export type NodeOptions = CommandValues<typeof nodeOptions>

/** `memcachedBin`, `repcachedBin` …: the files that the command line names. */
export type ProgramOptions = CommandValues<typeof programOptions>

// With running servers they would do nothing, silently.
const started = {conflicts: ['server'], helpGroup: 'Options of the nodes that are started:'} as const

/** Adds the options that every command has which starts a topology. */
export function addNodeOptions(command: Command): void {
  addOptions(command, nodeOptions, started)
}

/** Adds the options that name the C programs. */
export function addProgramOptions(command: Command): void {
  addOptions(command, programOptions, started)
}

/** What launchTopology is to do, but for the topology's name and what the caller adds. */
export function readLaunchOptions(options: NodeOptions, context: CliContext): Omit<LaunchOptions, 'name'> {
  const {env, shutdown} = context
  return {binPath, env, signal: shutdown.signal, ...placementOf(options)}
}

/** What the options say of the nodes, and nothing else. */
export function placementOf(options: NodeOptions): Omit<LaunchOptions, 'name' | 'binPath'> {
  return {
    backend: options.backend,
    hosts: options.oneAddress ? ['127.0.0.1'] : options.address,
    crossedPorts: options.crossedPorts,
    firstPort: options.port,
    tuning: changesOf<NodeTuning>(nodeOptions, givenOf(nodeOptions, options)),
    nodeArgs: options.nodeArgs?.all,
    nodeArgsOf: options.nodeArgs?.of,
    programs: programFiles(options),
  }
}

/** The files that the options name, by program. */
export function programFiles(options: ProgramOptions): Partial<Record<ProgramName, string | undefined>> {
  return Object.fromEntries(programs.map(({name}) => [name, options[`${name}Bin`]]))
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
