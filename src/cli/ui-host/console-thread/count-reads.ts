import {OwnTraffic} from '../../../ask/own-traffic.js'
import {type Address, formatAddress} from '../../../protocol/address.js'
import type {ReadObserver} from '../../../telnet/keys/key-reader.js'
import type {OpenSession} from './open-session.js'

/** Counts reads that nobody has typed: they are no load on the node. */
export function countReads(sessions: () => readonly OpenSession[]): ReadObserver {
  /** Kept: an answer may come when its session is closed. */
  const known = new Map<string, OwnTraffic>()
  const trafficAt = (address: Address): OwnTraffic | undefined => {
    const where = formatAddress(address)
    const session = sessions().find(each => formatAddress(each.address) === where)
    if (session !== undefined && !known.has(where)) known.set(where, new OwnTraffic(session.traffic))
    return known.get(where)
  }
  return {
    asked(address, requestBytes) {
      trafficAt(address)?.asked(requestBytes)
    },
    answered(address, {hit, bytes}) {
      const traffic = trafficAt(address)
      traffic?.countGet(hit)
      traffic?.answered(bytes)
    },
    failed: address => trafficAt(address)?.notAnswered(),
  }
}
