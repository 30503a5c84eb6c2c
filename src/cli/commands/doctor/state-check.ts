import {existsSync} from 'node:fs'
import {join} from 'node:path'
import {messageOf} from '../../../protocol/errors.js'
import {assertTakesFiles, makePrivateDirectory} from '../../../server/system/private-files.js'
import {runtimeDirectory, runtimeRoot, stateDirectory} from '../../../server/system/state-directory.js'
import type {Check} from './check.js'

/** What repbench makes there when it is needed. */
const kinds = ['runs', 'drills', 'logs'] as const

/** Whether runs, drills, logs and the list of our processes can be kept: files are written there and removed again. */
export const state: Check = ({env}) => {
  const path = stateDirectory(env)
  const common = {name: 'state', facts: {path}}
  const running = runtimeDirectory(env)
  try {
    tryDirectory(path, path)
    for (const kind of kinds) if (existsSync(join(path, kind))) tryDirectory(join(path, kind), path)
  } catch (error) {
    const found = `${path} cannot be written: ${messageOf(error)}`
    const advice = 'Runs, drills and logs are not kept: make it writable, or name another place in XDG_STATE_HOME.'
    return {...common, status: 'missing', found, advice}
  }
  try {
    tryDirectory(running, runtimeRoot(env))
  } catch (error) {
    const found = `${path}; but ${running} cannot be written: ${messageOf(error)}`
    const advice = 'Nodes that a crashed repbench leaves are not found: make it writable, or see XDG_RUNTIME_DIR.'
    return {...common, status: 'note', found, advice}
  }
  return {...common, status: 'ok', found: path, advice: null}
}

function tryDirectory(path: string, root: string): void {
  makePrivateDirectory(path, {root})
  assertTakesFiles(path)
}
