import {lookup} from 'node:dns/promises'
import {BlockList, isIPv6} from 'node:net'

/** The addresses that may join as a peer (`--peers`). */
export class PeerAddresses {
  readonly #names: readonly string[] | null
  readonly #known = new BlockList()

  /** @param names addresses and names of hosts; null = anybody may */
  constructor(names: readonly string[] | null) {
    this.#names = names
  }

  /**
   * Finds the addresses of the names, all that each has.
   * @throws the system's error for a name that has none
   */
  async resolve(): Promise<void> {
    for (const name of this.#names ?? []) {
      for (const {address} of await lookup(name, {all: true})) this.#known.addAddress(address, familyOf(address))
    }
  }

  allow(address: string): boolean {
    return this.#names === null || this.#known.check(address, familyOf(address))
  }
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIPv6(address) ? 'ipv6' : 'ipv4'
}
