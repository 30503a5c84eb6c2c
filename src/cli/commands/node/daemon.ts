import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {RepbenchError} from '../../../protocol/errors.js'
import {binPath} from '../../app/bin-path.js'

/** Names the process that waits for its daemon to be ready. */
const PARENT_VARIABLE = 'REPBENCH_DAEMON_OF'

type Report = {readonly type: 'ready'} | {readonly type: 'failed'; readonly message: string}

/** In the process that `-d` has started: what tells the waiting one. */
export interface DaemonParent {
  ready(): Promise<void>
  failed(message: string): Promise<void>
}

/** Whether this process is the daemon that another one has started; if so, how to report to that. */
export function findDaemonParent(env: NodeJS.ProcessEnv): DaemonParent | null {
  if (env[PARENT_VARIABLE] !== String(process.ppid) || process.send === undefined) return null
  delete env[PARENT_VARIABLE]
  const report = (message: Report) =>
    new Promise<void>(resolve => {
      // Where the one that waits is gone, the callback gets an error and the daemon goes on.
      process.send?.(message, undefined, undefined, () => {
        if (process.connected) process.disconnect?.()
        resolve()
      })
    })
  return {ready: () => report({type: 'ready'}), failed: message => report({type: 'failed', message})}
}

/**
 * Starts the same command line again as a process of its own session, in `/` and
 * without a terminal, and waits until it serves clients. Its log goes where ours
 * goes if it has one (`-v`), else nowhere, as memcached's.
 * @throws RepbenchError `ERR_DAEMON` with the daemon's own words when it could not start
 */
export async function startDaemon(options: {
  words: readonly string[]
  env: NodeJS.ProcessEnv
  keepsLog: boolean
  signal: AbortSignal
}): Promise<void> {
  const output = options.keepsLog ? 'inherit' : 'ignore'
  const child = spawn(process.execPath, [binPath, 'node', ...options.words], {
    detached: true,
    stdio: ['ignore', output, output, 'ipc'],
    env: {...options.env, [PARENT_VARIABLE]: String(process.pid)},
  })
  const onAbort = () => child.kill('SIGTERM')
  options.signal.addEventListener('abort', onAbort, {once: true})
  const [report] = await Promise.race([
    once(child, 'message') as Promise<[Report]>,
    once(child, 'disconnect').then((): [Report] => [{type: 'failed', message: 'The daemon ended before it was ready'}]),
  ])
  options.signal.removeEventListener('abort', onAbort)
  if (report.type === 'failed') throw new RepbenchError('ERR_DAEMON', report.message)
  if (child.connected) child.disconnect()
  child.unref()
}
