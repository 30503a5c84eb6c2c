import {constants} from 'node:fs'
import {access} from 'node:fs/promises'
import {delimiter, join} from 'node:path'
import {ProgramMissingError} from './node-errors.js'

const sources = {
  memcached: {
    variable: 'MEMCACHED_BIN',
    hint: 'install it (Debian, Ubuntu: apt install memcached; Fedora: dnf install memcached; macOS: brew install memcached)',
  },
  repcached: {
    variable: 'REPCACHED_BIN',
    hint: 'build it from its source (a memcached configured with --enable-replication) and name the file in REPCACHED_BIN',
  },
} as const

/**
 * The file of a C program: from its environment variable, else from PATH.
 * @throws ProgramMissingError which says how to get it.
 */
export async function findProgram(name: keyof typeof sources, env: NodeJS.ProcessEnv): Promise<string> {
  const {variable, hint} = sources[name]
  const named = env[variable]
  if (named !== undefined && named !== '') {
    if (await isExecutable(named)) return named
    throw new ProgramMissingError(`Expected ${variable} to name an executable file, got '${named}'`)
  }
  for (const folder of (env.PATH ?? '').split(delimiter)) {
    const file = join(folder, name)
    if (folder !== '' && (await isExecutable(file))) return file
  }
  throw new ProgramMissingError(`Expected ${name} in PATH or ${variable}, got none; ${hint}`)
}

async function isExecutable(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  )
}
