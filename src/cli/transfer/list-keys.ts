import {readServerFacts, type ServerFacts} from '../../engine/transfer/items/server-facts.js'
import {type ListedKeys, listServerKeys} from '../../engine/transfer/keys/list-server-keys.js'
import {type Address, formatAddress} from '../../protocol/address.js'
import {RepbenchError} from '../../protocol/errors.js'
import type {CliContext} from '../app/context.js'
import {spoolKeys} from './spool-keys.js'
import {TransferProgress} from './transfer-progress.js'

interface KeysAsked {
  readonly server: Address
  /** Of a file of keys, - = stdin; undefined = those that the server lists. */
  readonly path: string | undefined
}

/**
 * The keys of a server, with their number on stderr as it grows. The caller closes the spool.
 * @throws AskError, LookError; UsageError for the file; RepbenchError when the server lists no keys
 */
export async function listKeys(
  {server: address, path}: KeysAsked,
  context: Pick<CliContext, 'stdin' | 'stderr' | 'shutdown'>,
): Promise<{readonly server: ServerFacts; readonly keys: ListedKeys}> {
  const {signal} = context.shutdown
  if (path !== undefined) {
    const keys = await spoolKeys(path, context)
    try {
      return {server: await readServerFacts(address, {signal}), keys}
    } catch (error) {
      keys.spool.close()
      throw error
    }
  }
  const server = await readServerFacts(address, {signal})
  const progress = new TransferProgress({stderr: context.stderr, verb: 'listed'})
  const onProgress = (items: number): void => progress.show({items, bytes: null, of: server.items, share: null})
  try {
    const keys = await listServerKeys(server, {signal, onProgress})
    if (keys.way !== 'none') return {server, keys}
    keys.spool.close()
    const what = `Expected ${formatAddress(address)} to list its keys (or --keys), got none`
    throw new RepbenchError('ERR_NO_KEYS', what)
  } finally {
    progress.clear()
  }
}
