import {once} from 'node:events'
import {connect} from 'node:net'
import {HEADER_BYTES, REQUEST_MAGIC} from '../../protocol/binary-frame.js'
import {ConsoleError} from '../errors.js'
import type {VerifyNode} from './nodes.js'

const OPCODE_SET = 0x01
const EXTRAS_BYTES = 8
const STATUS_AT = 6

/**
 * Stores an item by the binary protocol.
 * @returns the status of the response, 0 for success
 * @throws ConsoleError when no response comes in time
 */
export async function binarySet(
  {name, address}: VerifyNode,
  {key, value}: {key: string; value: string},
  {timeoutMs, signal}: {timeoutMs: number; signal: AbortSignal},
): Promise<number> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)])
  const socket = connect({host: address.host, port: address.port, noDelay: true})
  try {
    socket.write(request(key, value))
    let response = Buffer.alloc(0)
    while (response.length < HEADER_BYTES) {
      const [chunk] = (await once(socket, 'data', {signal: limit})) as [Buffer]
      response = Buffer.concat([response, chunk])
    }
    return response.readUInt16BE(STATUS_AT)
  } catch (error) {
    signal.throwIfAborted()
    throw new ConsoleError('ERR_NO_REPLY', `${name} gave no binary response: ${(error as Error).message}`)
  } finally {
    socket.destroy()
  }
}

function request(key: string, value: string): Buffer {
  const header = Buffer.alloc(HEADER_BYTES + EXTRAS_BYTES)
  header[0] = REQUEST_MAGIC
  header[1] = OPCODE_SET
  header.writeUInt16BE(key.length, 2)
  header[4] = EXTRAS_BYTES
  header.writeUInt32BE(EXTRAS_BYTES + key.length + value.length, 8)
  return Buffer.concat([header, Buffer.from(key + value, 'latin1')])
}
