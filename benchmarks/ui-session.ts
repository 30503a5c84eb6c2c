import {spawnSync} from 'node:child_process'
import {readFileSync} from 'node:fs'
import {Terminal, type TerminalOptions} from '../test/helpers/tui-terminal.ts'

/** One line of the table. */
export interface UiFigure {
  readonly what: string
  readonly got: string
  readonly target: string
  readonly kept: boolean
  /** Each single measurement. */
  readonly samples: readonly number[]
}

/** The server that is loaded: `memcached` where there is one, else an embedded node. */
export function serverCommand(port: number, binPath: string): readonly [string, ...string[]] {
  const memcached = process.env.MEMCACHED_BIN || 'memcached'
  const asRoot = process.getuid?.() === 0 ? ['-u', 'root'] : []
  if (spawnSync(memcached, ['-h'], {stdio: 'ignore'}).error === undefined) {
    return [memcached, '-l', '127.0.0.1', '-p', `${port}`, '-U', '0', '-t', '1', '-m', '1024', ...asRoot]
  }
  return [process.execPath, binPath, 'node', '-l', '127.0.0.1', '-p', `${port}`, '-m', '1024', '--no-replication']
}

/** The real program, its load running against `server`. */
export async function openLoaded(options: {
  readonly server: string
  readonly profile: string
  /** Pictures a second. */
  readonly fps?: number
  readonly terminal?: TerminalOptions
}): Promise<Terminal> {
  const {server, profile} = options
  const terminal = new Terminal({args: ['--server', server, '--fps', String(options.fps ?? 5)], ...options.terminal})
  await terminal.until(server)
  await terminal.until(' up ')
  await startLoad(terminal, profile)
  return terminal
}

/** Chooses a profile on the Load screen, starts it, and waits until it runs. */
export async function startLoad(terminal: Terminal, profile: string): Promise<void> {
  terminal.type('2')
  const marked = /b starts (\S+) against/
  let shown = await terminal.until(marked)
  for (let name = marked.exec(shown)?.[1]; name !== profile; name = marked.exec(shown)?.[1]) {
    terminal.type('j')
    shown = await terminal.until(text => marked.test(text) && marked.exec(text)?.[1] !== name)
  }
  terminal.type('b')
  await terminal.until(/Run #\d+ \S+ RUNNING/)
}

/** CPU time that the main thread of a process has used, in seconds. */
export function mainThreadCpuSeconds(pid: number): number {
  const [nanoseconds] = readFileSync(`/proc/${pid}/task/${pid}/schedstat`, 'utf8').split(' ')
  return Number(nanoseconds) / 1e9
}
