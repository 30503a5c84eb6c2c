import {execFile} from 'node:child_process'
import {stat} from 'node:fs/promises'
import type {ProgramVersion} from './backends/backend.js'
import {type ProgramName, programs} from './backends/registry.js'

const ANSWER_TIMEOUT_MS = 5000
const ANSWER_MAX_BYTES = 256 * 1024

/** What a program says that it is. */
export interface ProgramIdentity extends ProgramVersion {
  readonly name: ProgramName
}

const known = new Map<string, ProgramIdentity | null>()

/**
 * Asks a program for its name and version with `-h`, then `-V`; null = none that a backend runs.
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

/** The program of a backend that prints this; null: none does. */
export function readIdentity(answer: string): ProgramIdentity | null {
  for (const {name, identify} of programs) {
    const found = identify(answer)
    if (found !== null) return {name, ...found}
  }
  return null
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
