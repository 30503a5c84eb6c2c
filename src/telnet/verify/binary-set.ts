import {RawConnection} from '../../ask/raw-connection.js'
import {HEADER_BYTES, REQUEST_MAGIC} from '../../protocol/binary/binary-frame.js'
import type {VerifyNode} from './nodes.js'

const OPCODE_SET = 0x01
const EXTRAS_BYTES = 8
const STATUS_AT = 6
/** Of a response to a set, with an error's text. */
const RESPONSE_MAX_BYTES = 64 * 1024

/**
 * Stores an item by the binary protocol.
 * @returns the status of the response, 0 for success
 * @throws AskError when no response comes in time
 */
export async function binarySet(
  {address}: VerifyNode,
  {key, value}: {key: string; value: string},
  {timeoutMs, signal}: {timeoutMs: number; signal: AbortSignal},
): Promise<number> {
  const limits = {timeoutMs, maxBytes: RESPONSE_MAX_BYTES}
  const connection = new RawConnection({address, expected: 'a binary response', limits, signal})
  try {
    return await connection.ask(request(key, value), received =>
      received.length < HEADER_BYTES ? null : {answer: received.readUInt16BE(STATUS_AT), bytes: received.length},
    )
  } finally {
    connection.close()
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
