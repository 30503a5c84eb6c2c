import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {readFileSync} from 'node:fs'

export interface MeasuredRun {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  /** The first 64 kB of each. */
  readonly stdout: string
  readonly stderr: string
  readonly seconds: number
  /** The most memory that it had, as the kernel counts it; null where there is no /proc. */
  readonly peakMegabytes: number | null
  /** From the signal to the end; null where none was sent. */
  readonly secondsAfterSignal: number | null
}

interface MeasuredOptions {
  readonly args: readonly string[]
  readonly env: NodeJS.ProcessEnv
  readonly input?: string | undefined
  /** When the signal is sent, unless it has ended by itself; from then on where `from` is given, else from the start. */
  readonly signalAfterMs: number
  readonly from?: Promise<unknown>
  readonly signal?: NodeJS.Signals
  /** How long after the signal it is killed. */
  readonly graceMs: number
}

const KEPT_CHARACTERS = 64 * 1024
const LOOK_MS = 20

/** An instrument: runs a Node.js program to its end, by a signal if need be, and says what it took. */
export async function runMeasured(options: MeasuredOptions): Promise<MeasuredRun> {
  const {args, env, input = '', signalAfterMs, signal: asked = 'SIGINT', graceMs} = options
  const startMs = performance.now()
  const child = spawn(process.execPath, args, {env, stdio: 'pipe'})
  child.stdin.on('error', () => {})
  child.stdin.end(input)
  const kept = {stdout: '', stderr: ''}
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      kept[name] += text.slice(0, KEPT_CHARACTERS - kept[name].length)
    })
  }
  let peakMegabytes: number | null = null
  const looking = setInterval(() => {
    peakMegabytes = readPeak(child.pid!) ?? peakMegabytes
  }, LOOK_MS)
  let signalledMs: number | null = null
  let timer: NodeJS.Timeout | undefined
  const kill = (): void => void child.kill('SIGKILL')
  const sendSignal = (): void => {
    signalledMs = performance.now()
    child.kill(asked)
    timer = setTimeout(kill, graceMs)
  }
  void (options.from ?? Promise.resolve()).then(() => {
    if (child.exitCode === null) timer = setTimeout(sendSignal, signalAfterMs)
  })
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null]
  const endMs = performance.now()
  clearInterval(looking)
  clearTimeout(timer)
  return {
    ...kept,
    code,
    signal,
    seconds: (endMs - startMs) / 1000,
    peakMegabytes,
    secondsAfterSignal: signalledMs === null ? null : (endMs - signalledMs) / 1000,
  }
}

/** The high-water mark of a process's resident memory. */
function readPeak(pid: number): number | null {
  try {
    const kilobytes = /^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
    return kilobytes === undefined ? null : Number(kilobytes) / 1024
  } catch {
    return null
  }
}
