import type {NodeContext} from '../node/node-context.js'
import type {StatLine} from './stat-line.js'

/** `stats conns`: every socket that listens, and every client. */
export function connectionStats({connections, clock}: NodeContext): readonly StatLine[] {
  return connections
    .list()
    .flatMap(({id, address, listenAddress, state, lastCommandSeconds}): readonly StatLine[] => [
      [`${id}:addr`, address],
      ...(listenAddress === null ? [] : [[`${id}:listen_addr`, listenAddress] as const]),
      [`${id}:state`, state],
      [`${id}:secs_since_last_cmd`, clock.nowSeconds - lastCommandSeconds],
    ])
}
