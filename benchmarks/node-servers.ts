import type {ChildProcess} from 'node:child_process'
import {binPath, startPinned, untilOpen} from './processes.ts'

/** Where every node of a benchmark listens, each on a loopback address of its own. */
export const PORT = 28_211
const REPLICATION_PORT = '28212'
export const SERVER_CORE = 0
export const LOAD_CORE = 1

const repcached = process.env.REPCACHED_BIN
const memcached = process.env.MEMCACHED_BIN ?? 'memcached'
const asRoot = process.getuid?.() === 0 ? ['-u', 'root'] : []

export interface Node {
  readonly program: string
  readonly args: readonly string[]
  readonly host: string
}

export interface Server {
  readonly name: string
  /** The first is the one that gets the load. */
  readonly nodes: readonly Node[]
}

function embedded(host: string, memory: string, more: readonly string[]): Node {
  const args = [binPath, 'node', '-l', host, '-p', String(PORT), '-m', memory, ...more]
  return {program: process.execPath, args, host}
}

function native(program: string, host: string, memory: string, more: readonly string[]): Node {
  const args = ['-l', host, '-p', String(PORT), '-U', '0', '-t', '1', '-m', memory, '-c', '4096', ...asRoot, ...more]
  return {program, args, host}
}

const link = (peer: string) => ['-x', peer, '-X', REPLICATION_PORT]
const [first, second] = ['127.0.0.1', '127.0.0.2']

/** One node of each kind that is there. */
export function singleServers(): readonly Server[] {
  const memory = '1024'
  const real = {name: 'repcached', nodes: [native(repcached ?? '', first, memory, ['-X', REPLICATION_PORT])]}
  return [
    {name: 'embedded', nodes: [embedded(first, memory, ['--no-replication'])]},
    {name: 'memcached', nodes: [native(memcached, first, memory, [])]},
    ...(repcached === undefined ? [] : [real]),
  ]
}

/** A pair of each kind that is there. @param memory of each node, in MB */
export function pairs(memory = '1024'): readonly Server[] {
  const real = {
    name: 'repcached pair',
    nodes: [native(repcached!, first, memory, link(second)), native(repcached!, second, memory, link(first))],
  }
  return [
    {
      name: 'embedded pair',
      nodes: [embedded(first, memory, link(second)), embedded(second, memory, link(first))],
    },
    ...(repcached === undefined ? [] : [real]),
  ]
}

/** Starts a node on a core; it takes clients when this resolves. */
export async function startNode({program, args, host}: Node, core: number, children: ChildProcess[]): Promise<void> {
  children.push(startPinned({core, program, args}))
  await untilOpen(host, PORT)
}
