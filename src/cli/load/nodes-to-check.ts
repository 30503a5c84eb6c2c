import type {CheckedNodes} from '../../engine/check/ledger/check-ledger.js'
import type {RunCheckOptions} from '../../engine/run/run-check.js'
import {type Address, formatAddress} from '../../protocol/address.js'
import type {ClusterNode} from '../../server/node-api/cluster-node.js'

/** Which nodes are read after a load with verification: both of a pair, else the one that it went to. */
export function nodesToCheck({
  nodes,
  target,
  pair,
}: {
  readonly nodes: readonly ClusterNode[]
  readonly target: Address
  readonly pair: readonly [Address, Address] | null
}): Pick<RunCheckOptions, 'nodes' | 'mayList'> {
  const named = (address: Address): ClusterNode =>
    nodes.find(node => formatAddress(node.address) === formatAddress(address))!
  const checked: CheckedNodes = pair === null ? [named(target)] : [named(pair[0]), named(pair[1])]
  return {nodes: checked, mayList: nodes.every(({supervised}) => supervised)}
}
