import type {BinaryCommand} from '../../../protocol/binary/binary-command.js'
import {type BinaryHeader, HEADER_BYTES} from '../../../protocol/binary/binary-frame.js'
import type {NodeLog} from '../node/node-log-writer.js'

/** memcached's log of binary frames at -vv: headers, four bytes a line, and the keys of requests. */

export function logBinaryRequest(log: NodeLog, id: number, bytes: Buffer, at: number): void {
  log.line(2, `<${id} Read binary protocol data:`)
  logHeader(log, `<${id}    `, bytes, at)
}

/** The request's verb and key; its extras and key begin at `at`. */
export function logBinaryCommand(
  log: NodeLog,
  {
    id,
    command,
    request,
    bytes,
    at,
  }: {id: number; command: BinaryCommand; request: BinaryHeader; bytes: Buffer; at: number},
): void {
  if (request.keyBytes === 0 || command.verb === 'unknown') return
  const keyStart = at + request.extrasBytes
  const key = bytes.toString('latin1', keyStart, keyStart + request.keyBytes)
  const value = command.value ? ` Value len is ${request.valueBytes}` : ''
  log.line(2, `<${id} ${command.verb.toUpperCase()} ${key}${value}`)
}

export function logBinaryReply(log: NodeLog, id: number, bytes: Buffer, at: number): void {
  log.line(2, `>${id} Writing bin response:`)
  logHeader(log, `>${id}   `, bytes, at)
}

function logHeader(log: NodeLog, prefix: string, bytes: Buffer, at: number): void {
  for (let row = at; row < at + HEADER_BYTES; row += 4) {
    const words = Array.from(bytes.subarray(row, row + 4), byte => `0x${byte.toString(16).padStart(2, '0')}`)
    log.line(2, prefix + words.join(' '))
  }
}
