import {existsSync} from 'node:fs'
import {availableParallelism, totalmem} from 'node:os'
import {join} from 'node:path'
import {messageOf} from '../../../protocol/errors.js'
import {DEFAULT_CLIENT_PORT, DEFAULT_REPLICATION_PORT} from '../../../protocol/limits.js'
import {programs as knownPrograms, type ProgramName} from '../../../server/programs/backends/registry.js'
import {findProgram} from '../../../server/programs/find-program.js'
import {assertCanListen, hasAddress} from '../../../server/system/free-port.js'
import {readOpenFileLimit} from '../../../server/system/open-file-limit.js'
import {findPortHolder} from '../../../server/system/port-holder.js'
import {assertTakesFiles, makePrivateDirectory} from '../../../server/system/private-files.js'
import {runtimeDirectory, runtimeRoot, stateDirectory} from '../../../server/system/state-directory.js'
import type {Check, CheckResult} from './check.js'

/** Enough for memcached's default of 1024 connections. */
const OPEN_FILES_WANTED = 1088
/** Enough to start a pair and load it a little. */
const OPEN_FILES_NEEDED = 128

const node: Check = ({version}) => ({
  name: 'Node.js',
  status: 'ok',
  found: `${process.version}, ${process.execPath} (repbench ${version})`,
  advice: null,
  facts: {version: process.version, path: process.execPath},
})

const machine: Check = () => {
  const cpus = availableParallelism()
  const gigabytes = totalmem() / 1024 ** 3
  return {
    name: 'machine',
    status: cpus > 1 ? 'ok' : 'note',
    found: `${cpus} ${cpus === 1 ? 'CPU' : 'CPUs'}, ${gigabytes.toFixed(1)} GB, ${process.platform} ${process.arch}`,
    advice: cpus > 1 ? null : 'With one CPU the load and the node take time from each other: figures are of both.',
    facts: {cpus, memoryBytes: totalmem(), platform: process.platform, arch: process.arch},
  }
}

const program =
  (name: ProgramName): Check =>
  async ({env, programs, signal}) => {
    try {
      const {file, identity, foundBy} = await findProgram(name, {env, file: programs[name], signal})
      const {version, memcachedVersion} = identity
      const isOwn = memcachedVersion === null || memcachedVersion === version
      const madeFrom = isOwn ? '' : ` (memcached ${memcachedVersion})`
      const found = `${version}${madeFrom}, ${file} (by ${foundBy})`
      return {name, status: 'ok', found, advice: null, facts: {file, version, foundBy}}
    } catch (error) {
      const advice = messageOf(error)
      return {name, status: 'note', found: 'none: embedded nodes work without it', advice, facts: {file: null}}
    }
  }

const openFiles: Check = () => {
  const name = 'open files'
  const limit = readOpenFileLimit()
  if (limit === null)
    return {name, status: 'note', found: 'a limit that the system does not tell', advice: null, facts: {}}
  const {soft, hard} = limit
  const enough = hard >= OPEN_FILES_WANTED
  return {
    name,
    status: enough ? 'ok' : hard >= OPEN_FILES_NEEDED ? 'note' : 'missing',
    found: soft === hard ? `up to ${soft}` : `up to ${soft}, which may be raised to ${hard}`,
    advice: enough
      ? null
      : `Nodes with memcached’s default of 1024 connections can’t start: raise it (ulimit -n, LimitNOFILE=), or use --max-conns ${Math.max(1, hard - 64)}.`,
    facts: {soft: finite(soft), hard: finite(hard)},
  }
}

const loopback: Check = async () => {
  const [first, second] = [await hasAddress('127.0.0.1'), await hasAddress('127.0.0.2')]
  const common = {name: 'loopback', facts: {'127.0.0.1': first, '127.0.0.2': second}}
  if (!first) {
    return {...common, status: 'missing', found: 'no 127.0.0.1', advice: 'Bring the interface up: ip link set lo up'}
  }
  if (second) return {...common, status: 'ok', found: '127.0.0.1 and 127.0.0.2', advice: null}
  const how = process.platform === 'darwin' ? 'sudo ifconfig lo0 alias 127.0.0.2' : 'ip addr add 127.0.0.2/8 dev lo'
  return {
    ...common,
    status: 'note',
    found: '127.0.0.1 only: both nodes of a pair share it, and one replication port',
    advice: `After an outage only one of the two can listen there. Two addresses avoid that: ${how}`,
  }
}

const usualPorts: Check = async () => {
  const ports = [DEFAULT_CLIENT_PORT, DEFAULT_REPLICATION_PORT, DEFAULT_CLIENT_PORT + 2]
  const states = await Promise.all(ports.map(async port => ({port, holder: await describePort(port)})))
  const taken = states.filter(({holder}) => holder !== null)
  return {
    name: 'usual ports',
    status: taken.length === 0 ? 'ok' : 'note',
    found: states.map(({port, holder}) => `${port} ${holder ?? 'free'}`).join(', '),
    advice: taken.length === 0 ? null : 'Nodes are started on other ports; with --port that is an error.',
    facts: {ports: states},
  }
}

/** What repbench makes there when it is needed. */
const kinds = ['runs', 'drills', 'logs'] as const

/** Whether runs, drills, logs and the list of our processes can be kept: files are written there and removed again. */
const state: Check = ({env}) => {
  const path = stateDirectory(env)
  const common = {name: 'state', facts: {path}}
  const running = runtimeDirectory(env)
  try {
    tryDirectory(path, path)
    for (const kind of kinds) if (existsSync(join(path, kind))) tryDirectory(join(path, kind), path)
  } catch (error) {
    const found = `${path} cannot be written: ${messageOf(error)}`
    const advice = 'Runs, drills and logs are not kept: make it writable, or name another place in XDG_STATE_HOME.'
    return {...common, status: 'missing', found, advice}
  }
  try {
    tryDirectory(running, runtimeRoot(env))
  } catch (error) {
    const found = `${path}; but ${running} cannot be written: ${messageOf(error)}`
    const advice = 'Nodes that a crashed repbench leaves are not found: make it writable, or see XDG_RUNTIME_DIR.'
    return {...common, status: 'note', found, advice}
  }
  return {...common, status: 'ok', found: path, advice: null}
}

function tryDirectory(path: string, root: string): void {
  makePrivateDirectory(path, {root})
  assertTakesFiles(path)
}

/** Every look, in the order in which they are told. */
export const checks: readonly Check[] = [
  node,
  machine,
  ...knownPrograms.map(({name}) => program(name)),
  openFiles,
  loopback,
  usualPorts,
  state,
]

/** Who has a port on any of the loopback addresses; null = free. */
async function describePort(port: number): Promise<string | null> {
  for (const host of ['127.0.0.1', '127.0.0.2']) {
    if (!(await hasAddress(host))) continue
    try {
      await assertCanListen({host, port})
    } catch {
      const holder = findPortHolder({host, port})
      return holder === null ? 'taken' : `taken by ${holder.program} (pid ${holder.pid})`
    }
  }
  return null
}

/** JSON has no infinity. */
function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null
}

/** Whether all is there that repbench can't do without. */
export function allNeededIsThere(results: readonly CheckResult[]): boolean {
  return results.every(({status}) => status !== 'missing')
}
