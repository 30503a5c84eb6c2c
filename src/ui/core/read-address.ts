import {type Address, parseAddress} from '../../protocol/address.js'

/** The address that was typed; null: no address. */
export function readAddress(text: string): Address | null {
  try {
    return parseAddress(text)
  } catch {
    return null
  }
}
