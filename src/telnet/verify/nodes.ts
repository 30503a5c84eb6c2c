import type {Address} from '../../protocol/address.js'

/** A node that is checked. */
export interface VerifyNode {
  readonly name: string
  readonly address: Address
}
