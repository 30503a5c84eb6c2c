import {quoted} from '../printable.js'
import {classifyLine} from './reply-kind.js'

/** What kind of server answered, by the first bytes of its reply. */
export type Speaker =
  /** Speaks memcached's text protocol. `version` is null when the reply was not one to `version`. */
  | {readonly kind: 'memcached'; readonly version: string | null}
  /** A memcached that requires authentication. */
  | {readonly kind: 'locked'}
  /** A memcached at its connection limit. */
  | {readonly kind: 'full'; readonly reply: string}
  /** Something else; `says` follows the server's name, as in `10.0.0.1:443 speaks TLS`. */
  | {readonly kind: 'stranger'; readonly says: string}

/** memcached's reply at its connection limit, from 1.5 on or with `-o maxconns_fast`. */
export const TOO_MANY_CONNECTIONS = 'ERROR Too many open connections'

const LF = 0x0a
const CR = 0x0d
const LINE_MAX_BYTES = 1024
const SHOWN_BYTES = 60
const BINARY_RESPONSE = 0x81
const BINARY_AUTH_ERROR = 0x20
/** Types of TLS records. */
const TLS_FIRST = 0x14
const TLS_LAST = 0x17
const MYSQL_PROTOCOL = 0x0a

/** Identifies the server; null when more bytes are needed. */
export function identifySpeaker(bytes: Uint8Array): Speaker | null {
  const binary = readBinary(bytes)
  if (binary !== null) return binary
  const lineFeed = bytes.indexOf(LF)
  if (lineFeed < 0 && bytes.length < LINE_MAX_BYTES) return null
  if (lineFeed < 0 || lineFeed > LINE_MAX_BYTES) {
    return stranger(`sent ${LINE_MAX_BYTES} bytes without a line end, ${quote(bytes)}: no memcached`)
  }
  return readLine(bytes.subarray(0, bytes[lineFeed - 1] === CR ? lineFeed - 1 : lineFeed))
}

/** The start of a reply, quoted for people. */
export function quote(bytes: Uint8Array): string {
  return `'${quoted(bytes, {most: SHOWN_BYTES})}'`
}

function readBinary(bytes: Uint8Array): Speaker | null {
  const [first = 0, second] = bytes
  if (first >= TLS_FIRST && first <= TLS_LAST && second === 3) return stranger('speaks TLS')
  if (first === BINARY_RESPONSE && bytes.length >= 8) {
    const isLocked = bytes[6] === 0 && bytes[7] === BINARY_AUTH_ERROR
    return isLocked ? {kind: 'locked'} : stranger('speaks the binary protocol only, repbench the text protocol')
  }
  // MySQL's greeting: a packet's length in three bytes, its number, the protocol version.
  const isGreeting = bytes.length > 4 && bytes[2] === 0 && bytes[3] === 0 && bytes[4] === MYSQL_PROTOCOL
  return isGreeting ? stranger('speaks MySQL’s protocol: no memcached') : null
}

function readLine(bytes: Uint8Array): Speaker {
  const line = Buffer.from(bytes).toString('latin1')
  if (line.startsWith(TOO_MANY_CONNECTIONS)) return {kind: 'full', reply: TOO_MANY_CONNECTIONS}
  if (/^CLIENT_ERROR unauthenticated/.test(line)) return {kind: 'locked'}
  const http = /^HTTP\/[\d.]+ \d{3}/.exec(line)?.[0]
  if (http !== undefined) return stranger(`answered ${http}: no memcached`)
  if (line.startsWith('SSH-')) return stranger(`is an SSH server, ${quote(bytes)}: no memcached`)
  if (/^-[A-Z]+( |$)/.test(line)) return stranger(`speaks Redis’s protocol, ${quote(bytes)}: no memcached`)
  if (/^\d{3}[ -]/.test(line)) return stranger(`greeted with ${quote(bytes)}: no memcached`)
  if (classifyLine(bytes, 0, bytes.length) === 'unknown') return stranger(`answered ${quote(bytes)}: no memcached`)
  return {kind: 'memcached', version: /^VERSION (.+)$/.exec(line)?.[1] ?? null}
}

function stranger(says: string): Speaker {
  return {kind: 'stranger', says}
}
