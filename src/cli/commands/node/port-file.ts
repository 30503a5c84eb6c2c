import {renameSync, writeFileSync} from 'node:fs'
import type {Address} from '../../../protocol/address.js'
import {messageOf} from '../../../protocol/errors.js'

/**
 * Writes the ports to the file that MEMCACHED_PORT_FILENAME names, as memcached
 * does: whoever starts a node on any free port finds them there, whole.
 */
export function writePortFile(path: string, addresses: readonly Address[], say: (line: string) => void): void {
  const lines = addresses.map(({host, port}) => `TCP ${host.includes(':') ? 'INET6' : 'INET'}: ${port}\n`)
  const unfinished = `${path}.lck`
  try {
    writeFileSync(unfinished, lines.join(''))
    renameSync(unfinished, path)
  } catch (error) {
    say(`Failed to open "${unfinished}": ${messageOf(error)}\n`)
  }
}
