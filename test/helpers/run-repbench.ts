import {type ChildProcess, spawn} from 'node:child_process'
import {once} from 'node:events'
import {buffer, text} from 'node:stream/consumers'
import {fileURLToPath} from 'node:url'

export const binPath = fileURLToPath(new URL('../../bin/repbench.js', import.meta.url))

export interface RunResult {
  readonly code: number | null
  readonly stdout: Buffer
  readonly stderr: string
}

/** Starts the built program as a person would. The caller sees to its end. */
export function startRepbench(args: readonly string[], env: NodeJS.ProcessEnv = {}): ChildProcess {
  return spawn(process.execPath, [binPath, ...args], {env: {...process.env, ...env}, stdio: 'pipe'})
}

/** Runs the built program to its end; an `input` is piped in, without one stdin is empty. */
export async function runRepbench(
  args: readonly string[],
  {input = '', env = {}}: {input?: string | Uint8Array; env?: NodeJS.ProcessEnv} = {},
): Promise<RunResult> {
  const child = startRepbench(args, env)
  // A program that ends before it has read all is judged by its result.
  child.stdin!.on('error', () => {})
  child.stdin!.end(input)
  const [stdout, stderr] = await Promise.all([buffer(child.stdout!), text(child.stderr!), once(child, 'close')])
  return {code: child.exitCode, stdout, stderr}
}
