/** Every memcached answers it, and hardly anything else does. */
export const versionQuestion = Buffer.from('version\r\n')

/** The same, as long as a header of the binary protocol: a server that speaks nothing else (-S, -B binary) waits for so many bytes. */
export const longVersionQuestion = Buffer.from(`version${' '.repeat(24)}\r\n`)

/** For proxies that know no `version`; as long as the one above. */
const readQuestion = Buffer.from('get repbench:look:is-this-a-memcached\r\n')

/** `version` of the binary protocol: a header of 24 bytes without a body. */
const binaryQuestion = Buffer.concat([Buffer.from([0x80, 0x0b]), Buffer.alloc(22)])

/** TLS 1.2's ClientHello with one cipher suite and no extension (RFC 5246): a server of any version answers, if only by an alert. */
const tlsQuestion = Buffer.concat([
  // A handshake record of 45 bytes; a ClientHello of 41; version 1.2.
  Buffer.from([0x16, 0x03, 0x01, 0x00, 0x2d, 0x01, 0x00, 0x00, 0x29, 0x03, 0x03]),
  Buffer.alloc(32, 0x72),
  // No session; one cipher suite; no compression.
  Buffer.from([0x00, 0x00, 0x02, 0xc0, 0x2f, 0x01, 0x00]),
])

/** For servers that hang up when they are asked for their version. */
export const otherQuestions: readonly Buffer[] = [readQuestion, binaryQuestion, tlsQuestion]
