import {constants} from 'node:fs'
import {access, stat} from 'node:fs/promises'
import {delimiter, join} from 'node:path'
import {ProgramMissingError} from '../node-api/node-errors.js'
import {identifyProgram, type ProgramIdentity, type ProgramName} from './identify-program.js'

interface Source {
  readonly option: string
  readonly variable: string
  /** Names that the file has in PATH: a repcached that was built, not packaged, is called memcached. */
  readonly files: readonly string[]
  /** What to do to have it. */
  readonly hint: string
}

const sources: Readonly<Record<ProgramName, Source>> = {
  memcached: {
    option: '--memcached-bin',
    variable: 'MEMCACHED_BIN',
    files: ['memcached'],
    hint: 'install it (Debian, Ubuntu: apt install memcached; Fedora: dnf install memcached; macOS: brew install memcached)',
  },
  repcached: {
    option: '--repcached-bin',
    variable: 'REPCACHED_BIN',
    files: ['repcached', 'memcached'],
    hint: 'build it from its source (a memcached configured with --enable-replication) and name the file in REPCACHED_BIN',
  },
}

/** A C program that can be run. */
export interface FoundProgram {
  readonly file: string
  readonly identity: ProgramIdentity
  /** `--memcached-bin`, `MEMCACHED_BIN` or `PATH`. */
  readonly foundBy: string
}

export interface FindProgramOptions {
  readonly env: NodeJS.ProcessEnv
  /** Given on the command line. */
  readonly file?: string | undefined
  /** A program that does not say what it is need not be waited for. */
  readonly signal?: AbortSignal | undefined
}

/**
 * A C program: the file given, else that of its environment variable, else the first in PATH that is one.
 * @throws ProgramMissingError which says how to get it.
 */
export async function findProgram(name: ProgramName, {env, file, signal}: FindProgramOptions): Promise<FoundProgram> {
  const {option, variable, hint} = sources[name]
  if (file !== undefined) return checkNamed({name, file, foundBy: option, signal})
  const named = env[variable]
  if (named !== undefined && named !== '') return checkNamed({name, file: named, foundBy: variable, signal})
  const found = await searchPath(name, {path: env.PATH ?? '', signal})
  if (found !== null) return found
  throw new ProgramMissingError(`Expected ${name} from ${option}, ${variable} or PATH, got none; ${hint}`)
}

interface NamedProgram {
  readonly name: ProgramName
  readonly file: string
  readonly foundBy: string
  readonly signal: AbortSignal | undefined
}

async function checkNamed({name, file, foundBy, signal}: NamedProgram): Promise<FoundProgram> {
  const refuse = (got: string) =>
    new ProgramMissingError(`Expected ${foundBy} to name ${name}, got '${file}', ${got}; ${sources[name].hint}`)
  const problem = await problemOf(file)
  if (problem !== null) throw refuse(problem)
  const identity = await identifyProgram(file, {signal})
  if (identity === null) throw refuse('which is neither memcached nor repcached (asked with -h and -V)')
  if (identity.name === name) return {file, identity, foundBy}
  throw refuse(
    name === 'repcached'
      ? `a memcached ${identity.version} without replication`
      : `a repcached ${identity.version}, which is no native memcached`,
  )
}

async function searchPath(
  name: ProgramName,
  {path, signal}: {path: string; signal: AbortSignal | undefined},
): Promise<FoundProgram | null> {
  for (const folder of path.split(delimiter)) {
    for (const file of sources[name].files.map(fileName => join(folder, fileName))) {
      if (folder === '' || (await problemOf(file)) !== null) continue
      const identity = await identifyProgram(file, {signal})
      if (identity?.name === name) return {file, identity, foundBy: 'PATH'}
    }
  }
  return null
}

/** Why a file cannot be run at all, if so. */
async function problemOf(file: string): Promise<string | null> {
  try {
    if (!(await stat(file)).isFile()) return 'which is no file'
  } catch {
    return 'which does not exist'
  }
  return access(file, constants.X_OK).then(
    () => null,
    () => 'which is not executable',
  )
}
