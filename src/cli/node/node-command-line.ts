import {resolve} from 'node:path'
import {InvalidArgumentError} from 'commander'
import type {NodeSettings} from '../../server/embedded/node-settings.js'
import {UsageError} from '../errors.js'
import {type FoundOption, getopt, type OptionForms} from '../getopt.js'
import {describeReach} from './describe-reach.js'
import {readListenAddresses} from './listen-addresses.js'
import {emptyRequest, type NodeRequest, switchOptions, valuedOptions} from './node-options.js'

const forms = {
  switches: Object.keys(switchOptions)
    .filter(name => name.length === 1)
    .join(''),
  valued: Object.keys(valuedOptions)
    .filter(name => name.length === 1)
    .join(''),
  long: {...longForms(switchOptions, false), ...longForms(valuedOptions, true)},
}

function longForms(options: object, hasValue: boolean): OptionForms['long'] {
  const names = Object.keys(options).filter(name => name.length > 1)
  return Object.fromEntries(names.map(name => [name, {name, hasValue}]))
}

export interface NodeCommandLine extends Pick<NodeRequest, 'daemon' | 'user' | 'pidFile' | 'print' | 'warnings'> {
  readonly settings: NodeSettings
  /** Lines for stderr: who can reach the node when it serves. */
  readonly reach: readonly string[]
}

/**
 * Reads the words after `repbench node`: memcached 1.4.13's options in getopt's forms, and our own.
 * @throws UsageError in memcached's words where it has any
 */
export function readNodeCommandLine(words: readonly string[]): NodeCommandLine {
  const request = emptyRequest()
  for (const option of getopt(words, forms)) {
    applyOption(request, option)
    // memcached, too, looks no further.
    if (request.print !== null) break
  }
  const {settings, replication, socketPath} = request
  if (settings.interfaces !== null) {
    const [first, ...others] = readListenAddresses(settings.interfaces, settings.port)
    if (first === undefined) throw new UsageError(`Expected an address for -l, got '${settings.interfaces}'`)
    Object.assign(settings, first)
    settings.alsoListen = others
  } else if (replication.likeRepcached) {
    settings.host = null
  }
  if (socketPath !== null) settings.unixSocket = {path: resolve(socketPath), accessMask: request.socketAccess}
  settings.replication = request.replicates ? replication : null
  const {daemon, user, pidFile, print, warnings} = request
  return {
    settings,
    daemon,
    user,
    pidFile: pidFile === null ? null : resolve(pidFile),
    print,
    warnings,
    reach: describeReach(settings),
  }
}

function applyOption(request: NodeRequest, {name, value}: FoundOption): void {
  try {
    const applySwitch = switchOptions[name]
    if (applySwitch !== undefined) applySwitch(request)
    else valuedOptions[name]!(request, value)
  } catch (error) {
    if (error instanceof InvalidArgumentError)
      throw new UsageError(`${name.length > 1 ? '-' : ''}-${name}: ${error.message}`, {cause: error})
    throw error
  }
}
