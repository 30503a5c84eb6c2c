import {type ChildProcess, spawn, spawnSync} from 'node:child_process'
import {once} from 'node:events'
import {mkdtempSync, readFileSync} from 'node:fs'
import {connect} from 'node:net'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {text} from 'node:stream/consumers'
import {setTimeout as wait} from 'node:timers/promises'
import {fileURLToPath} from 'node:url'

export const binPath = fileURLToPath(new URL('../bin/repbench.js', import.meta.url))

/** Whether this machine can give a process a core of its own. */
export const canPin = spawnSync('taskset', ['-c', '1', 'true']).status === 0

/** Benchmarks leave no runs in the user's history. */
const quietEnvironment = {...process.env, XDG_STATE_HOME: mkdtempSync(join(tmpdir(), 'repbench-bench-'))}

export interface Pinned {
  readonly core: number
  readonly program: string
  readonly args: readonly string[]
}

export function startPinned({core, program, args}: Pinned): ChildProcess {
  const command = canPin ? ['taskset', '-c', String(core), program, ...args] : [program, ...args]
  return spawn(command[0]!, command.slice(1), {stdio: ['ignore', 'pipe', 'pipe']})
}

/** Runs to the end; stdout and stderr together. */
export async function runPinned(pinned: Pinned): Promise<{stdout: string; stderr: string}> {
  const child = startPinned(pinned)
  const [stdout, stderr] = await Promise.all([text(child.stdout!), text(child.stderr!), once(child, 'close')])
  return {stdout, stderr}
}

/** Linux counts a process's CPU time in ticks of this length. */
const TICK_SECONDS = 1 / 100

/** What the processes have used so far, user and system; null where there is no /proc. */
export function cpuSeconds(children: readonly ChildProcess[]): number | null {
  try {
    let ticks = 0
    for (const {pid} of children) {
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)!.split(' ')
      ticks += Number(fields[11]) + Number(fields[12])
    }
    return ticks * TICK_SECONDS
  } catch {
    return null
  }
}

/** Waits until a port takes connections. */
export async function untilOpen(host: string, port: number): Promise<void> {
  for (;;) {
    const socket = connect(port, host)
    try {
      await once(socket, 'connect')
      return
    } catch {
      await wait(20)
    } finally {
      socket.destroy()
    }
  }
}

export async function end(children: readonly ChildProcess[]): Promise<void> {
  for (const child of children) {
    if (child.exitCode !== null || child.signalCode !== null) continue
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
}

/** As runPinned(), and the CPU time that it took, children and all. */
export async function runTimed({core, program, args}: Pinned): Promise<{
  stdout: string
  stderr: string
  cpuSeconds: number
}> {
  // POSIX: the second line of `times` is about the shell's children.
  const pin = canPin ? ['taskset', '-c', String(core)] : []
  const command = ['-c', '"$@"; times', 'sh', ...pin, program, ...args]
  const child = spawn('sh', command, {stdio: ['ignore', 'pipe', 'pipe'], env: quietEnvironment})
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  const lines = stdout.trimEnd().split('\n')
  const cpuSeconds = [...(lines.at(-1) ?? '').matchAll(/(\d+)m([\d.]+)s/g)].reduce(
    (sum, [, minutes, seconds]) => sum + Number(minutes) * 60 + Number(seconds),
    0,
  )
  return {stdout: lines.slice(0, -2).join('\n'), stderr, cpuSeconds}
}
