import {type Address, formatAddress} from '../protocol/address.js'
import {noTraffic, type OwnCounts, OwnTraffic} from './own-traffic.js'

/** What one of our threads does to nodes, by their addresses. */
export class OwnTrafficByAddress {
  readonly #traffic = new Map<string, OwnTraffic>()

  at(address: Address): OwnTraffic {
    const where = formatAddress(address)
    const traffic = this.#traffic.get(where) ?? new OwnTraffic()
    this.#traffic.set(where, traffic)
    return traffic
  }

  counts(address: Address): OwnCounts {
    return this.#traffic.get(formatAddress(address))?.counts() ?? noTraffic
  }

  /** The thread is gone, and whoever waited for answers with it. */
  forgetUnderWay(): void {
    for (const traffic of this.#traffic.values()) traffic.forgetUnderWay()
  }
}
