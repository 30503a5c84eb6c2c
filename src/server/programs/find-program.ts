import {constants} from 'node:fs'
import {access, stat} from 'node:fs/promises'
import {delimiter, join} from 'node:path'
import {ProgramMissingError} from '../node-api/node-errors.js'
import {type ProgramName, programOf, programs} from './backends/registry.js'
import {identifyProgram, type ProgramIdentity} from './identify-program.js'

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
  const [option, variable] = [`--${name}-bin`, `${name.toUpperCase()}_BIN`]
  if (file !== undefined) return checkNamed({name, file, foundBy: option, signal})
  const named = env[variable]
  if (named !== undefined && named !== '') return checkNamed({name, file: named, foundBy: variable, signal})
  const found = await searchPath(name, {path: env.PATH ?? '', signal})
  if (found !== null) return found
  throw new ProgramMissingError(
    `Expected ${name} from ${option}, ${variable} or PATH, got none; ${programOf(name).hint}`,
  )
}

interface NamedProgram {
  readonly name: ProgramName
  readonly file: string
  readonly foundBy: string
  readonly signal: AbortSignal | undefined
}

async function checkNamed({name, file, foundBy, signal}: NamedProgram): Promise<FoundProgram> {
  const refuse = (got: string) =>
    new ProgramMissingError(`Expected ${foundBy} to name ${name}, got '${file}', ${got}; ${programOf(name).hint}`)
  const problem = await problemOf(file)
  if (problem !== null) throw refuse(problem)
  const identity = await identifyProgram(file, {signal})
  if (identity === null) {
    const known = programs.map(program => program.name).join(' nor ')
    throw refuse(`which is neither ${known} (asked with -h and -V)`)
  }
  if (identity.name === name) return {file, identity, foundBy}
  throw refuse(programOf(identity.name).describe(identity.version))
}

async function searchPath(
  name: ProgramName,
  {path, signal}: {path: string; signal: AbortSignal | undefined},
): Promise<FoundProgram | null> {
  for (const folder of path.split(delimiter)) {
    for (const file of programOf(name).files.map(fileName => join(folder, fileName))) {
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
