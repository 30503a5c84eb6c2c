import {resolve} from 'node:path'
import {InvalidArgumentError} from 'commander'
import type {NodeSettings, PersonalityName} from '../../../server/embedded/node/node-settings.js'
import {UsageError} from '../../app/errors.js'
import {type FoundOption, GetoptError, getopt, type OptionForms} from '../../options/getopt.js'
import {describeReach} from './describe-reach.js'
import {readListenAddresses} from './listen-addresses.js'
import {
  emptyRequest,
  longNames,
  type NodeRequest,
  readPersonality,
  switchOptions,
  valuedOptions,
} from './node-options.js'

const forms = {
  switches: Object.keys(switchOptions)
    .filter(name => name.length === 1)
    .join(''),
  valued: Object.keys(valuedOptions)
    .filter(name => name.length === 1)
    .join(''),
  long: {...longForms(switchOptions, false), ...longForms(valuedOptions, true), ...letterForms()},
}

function longForms(options: object, hasValue: boolean): OptionForms['long'] {
  const names = Object.keys(options).filter(name => name.length > 1)
  return Object.fromEntries(names.map(name => [name, {name, hasValue}]))
}

function letterForms(): OptionForms['long'] {
  const names = Object.entries(longNames)
  return Object.fromEntries(names.map(([long, name]) => [long, {name, hasValue: Object.hasOwn(valuedOptions, name)}]))
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
  const request = emptyRequest(findPersonality(words))
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
  checkTransports(request)
  checkItemSize(settings)
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

/** Defaults depend on it, so it is looked for before everything else. */
function findPersonality(words: readonly string[]): PersonalityName {
  let like: PersonalityName = '1.4'
  try {
    for (const {name, value} of getopt(words, forms)) if (name === 'like') like = readPersonality(value)
  } catch (error) {
    // What is wrong is told when its turn comes, unless -h stands before it.
    if (!(error instanceof GetoptError)) throw error
  }
  return like
}

/** UDP is not offered; start lines of distributions name it all the same, with 0 or the TCP port. */
function checkTransports({settings, udpPort, socketPath, warnings}: NodeRequest): void {
  if (udpPort !== null && udpPort !== '0' && Number(udpPort) !== settings.port) {
    throw new UsageError(`Expected -U 0 or the TCP port (this node has no UDP), got '${udpPort}'`)
  }
  if (!settings.listensTcp && socketPath === null)
    warnings.push('-p 0: no TCP port and no UNIX socket, so no client can come')
  if (settings.auth === null) return
  if (settings.bindingProtocol === 'binary') {
    throw new UsageError('You cannot allow the BINARY protocol while using ascii authentication tokens.')
  }
  settings.bindingProtocol = 'ascii'
}

/** memcached 1.4.13 has no such limit. */
function checkItemSize({like, itemMaxBytes, memoryLimitBytes}: NodeRequest['settings']): void {
  if (like === '1.6' && itemMaxBytes > memoryLimitBytes / 2) {
    throw new UsageError('Cannot set item size limit higher than 1/2 of memory max.')
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
