import {execFile} from 'node:child_process'
import {stat} from 'node:fs/promises'

const ANSWER_TIMEOUT_MS = 5000
const ANSWER_MAX_BYTES = 256 * 1024

export type ProgramName = 'memcached' | 'repcached'

/** What a program says that it is. */
export interface ProgramIdentity {
  readonly name: ProgramName
  /** Its own version: repcached's 2.3.1, memcached's 1.6.18. */
  readonly version: string
  /** The memcached that a repcached was made from. */
  readonly memcachedVersion: string
}

const known = new Map<string, ProgramIdentity | null>()

/**
 * Asks a program for its name and version with `-h`, then `-V`; null = neither memcached nor repcached.
 * Asked once per file, until the file changes.
 * @throws the signal's reason when that comes first
 */
export async function identifyProgram(
  file: string,
  {signal}: {signal?: AbortSignal | undefined} = {},
): Promise<ProgramIdentity | null> {
  const {ino, size, mtimeMs} = await stat(file)
  const key = [file, ino, size, mtimeMs].join('\0')
  let identity = known.get(key)
  if (identity === undefined) {
    identity = readIdentity(await answerOf(file, '-h', signal))
    signal?.throwIfAborted()
    identity ??= readIdentity(await answerOf(file, '-V', signal))
    signal?.throwIfAborted()
    known.set(key, identity)
  }
  return identity
}

/** Both begin with `memcached VERSION`; repcached goes on with `repcached VERSION`. */
export function readIdentity(answer: string): ProgramIdentity | null {
  const memcachedVersion = /^memcached (\d[\w.+~-]*)/m.exec(answer)?.[1]
  if (memcachedVersion === undefined) return null
  const version = /^repcached (\d[\w.+~-]*)/m.exec(answer)?.[1]
  return version === undefined
    ? {name: 'memcached', version: memcachedVersion, memcachedVersion}
    : {name: 'repcached', version, memcachedVersion}
}

/** Its output, with any exit status; empty when it cannot be run or does not end. */
function answerOf(file: string, flag: string, signal: AbortSignal | undefined): Promise<string> {
  return new Promise(resolve => {
    const limits = {timeout: ANSWER_TIMEOUT_MS, killSignal: 'SIGKILL', maxBuffer: ANSWER_MAX_BYTES} as const
    const child = execFile(file, [flag], {...limits, ...(signal === undefined ? {} : {signal})}, (_, stdout, stderr) =>
      resolve(`${stdout}\n${stderr}`),
    )
    child.stdin?.on('error', () => {})
    child.stdin?.end()
  })
}
