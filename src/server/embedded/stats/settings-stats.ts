import type {NodeContext} from '../node/node-context.js'
import type {StatLine} from './stat-line.js'

const protocolNames = {auto: 'auto-negotiate', ascii: 'ascii', binary: 'binary'}

/** `stats settings`, by the names of memcached 1.4.13. */
export function settingsStats({settings, store, clock, prefixes}: NodeContext): readonly StatLine[] {
  const yesNo = (value: boolean) => (value ? 'yes' : 'no')
  const {flushedAtSeconds} = store
  return [
    ['maxbytes', settings.memoryLimitBytes],
    ['maxconns', settings.maxConnections],
    ['tcpport', settings.listensTcp ? settings.port : 0],
    ['udpport', 0],
    ['inter', settings.interfaces ?? settings.host ?? 'NULL'],
    ['verbosity', settings.verbosity],
    ['oldest', flushedAtSeconds === 0 ? 0 : flushedAtSeconds - clock.startedAtSeconds],
    ['evictions', settings.evictions ? 'on' : 'off'],
    ['domain_socket', settings.unixSocket?.path ?? 'NULL'],
    ['umask', (settings.unixSocket?.accessMask ?? 0o700).toString(8)],
    ['growth_factor', settings.growthFactor.toFixed(2)],
    ['chunk_size', settings.smallestItemBytes],
    ['num_threads', 1],
    ['num_threads_per_udp', 0],
    ['stat_key_prefix', settings.prefixDelimiter],
    ['detail_enabled', yesNo(prefixes.enabled)],
    ['reqs_per_event', settings.requestsPerEvent],
    ['cas_enabled', yesNo(settings.useCas)],
    ['tcp_backlog', settings.backlog],
    ['binding_protocol', protocolNames[settings.bindingProtocol]],
    ['auth_enabled_sasl', 'no'],
    ['item_size_max', settings.itemMaxBytes],
    ['maxconns_fast', yesNo(settings.rejectsAtLimit)],
    ['hashpower_init', settings.hashPower],
    ['slab_reassign', yesNo(settings.slabReassign)],
    ['slab_automove', yesNo(settings.slabAutomove > 0)],
  ]
}
