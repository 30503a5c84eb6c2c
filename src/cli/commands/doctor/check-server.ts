import {lookAtServer} from '../../../ask/look/look-at-server.js'
import {LookError, type LookErrorCode} from '../../../ask/look/look-error.js'
import {type Address, formatAddress} from '../../../protocol/address.js'
import type {CheckResult} from './check.js'

const advice: Readonly<Record<LookErrorCode, string>> = {
  ERR_UNREACHABLE:
    'Start it, or look at its -l and -p: memcached listens on 11211 of all addresses unless they say otherwise.',
  ERR_SILENT_SERVER: 'It may be frozen or out of threads, or something on the way keeps its answers.',
  ERR_NO_MEMCACHED:
    'Look at the port: memcached listens on 11211 unless -p says otherwise, without TLS unless it has -Z.',
  ERR_WANTS_PASSWORD: 'repbench has no users: it needs a port without SASL (-S) and without a file of passwords (-Y).',
  ERR_TOO_MANY_CONNECTIONS: 'Raise its -c, or end some of its clients.',
}

/** What is there, of a server that was named. */
export async function checkServer(address: Address, options: {signal: AbortSignal}): Promise<CheckResult> {
  const name = formatAddress(address)
  try {
    const {version} = await lookAtServer(address, options)
    const found = version === null ? 'speaks memcached’s protocol' : `memcached ${version}`
    return {name, status: 'ok', found, advice: null, facts: {version}}
  } catch (error) {
    if (!(error instanceof LookError)) throw error
    const {code, says} = error
    const found = code === 'ERR_UNREACHABLE' ? `cannot be reached: ${says}` : says
    return {name, status: 'missing', found, advice: advice[code], facts: {code}}
  }
}
