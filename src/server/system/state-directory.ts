import {homedir} from 'node:os'
import {join} from 'node:path'

/** Where repbench keeps what outlives it: logs, runs. */
export function stateDirectory(env: NodeJS.ProcessEnv): string {
  return join(absolute(env.XDG_STATE_HOME) ?? join(homedir(), '.local', 'state'), 'repbench')
}

/** Where running repbenches say which processes are theirs. */
export function runtimeDirectory(env: NodeJS.ProcessEnv): string {
  const runtime = absolute(env.XDG_RUNTIME_DIR)
  return runtime === undefined ? join(stateDirectory(env), 'running') : join(runtime, 'repbench')
}

/** The topmost directory of repbench's own above that one, or itself. */
export function runtimeRoot(env: NodeJS.ProcessEnv): string {
  return absolute(env.XDG_RUNTIME_DIR) === undefined ? stateDirectory(env) : runtimeDirectory(env)
}

// The XDG specification says to ignore a relative path.
function absolute(path: string | undefined): string | undefined {
  return path?.startsWith('/') ? path : undefined
}
