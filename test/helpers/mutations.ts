/** Right input that is made wrong: for fuzzing with a seed that can be repeated. */

const text = [
  'get a\r\n',
  'gets a b c\r\n',
  'set a 0 0 3\r\nabc\r\n',
  'set b 4294967295 -1 0\r\n\r\n',
  'add c 1 100 5 noreply\r\nhello\r\n',
  'append a 0 0 2\r\nxy\r\n',
  'prepend a 0 0 2\r\nxy\r\n',
  'cas a 0 0 1 1\r\nz\r\n',
  'incr n 18446744073709551615\r\n',
  'decr n 1\r\n',
  'delete a 0 noreply\r\n',
  'touch a 2592001\r\n',
  'gat 10 a b\r\n',
  'flush_all 10\r\n',
  'stats\r\n',
  'stats items\r\n',
  'stats cachedump 1 10\r\n',
  'stats detail on\r\n',
  'verbosity 1\r\n',
  'version\r\n',
  'lru_crawler metadump all\r\n',
  'mg a t f v k s c O1\r\n',
  'ms a 3 T10 F5 b\r\nabc\r\n',
  'ms a 2 MA N30 E18446744073709551615 s c\r\nxy\r\n',
  'md a q I\r\n',
  'md a x T30 F1 E7\r\n',
  'mg a C7 v N30 E9\r\n',
  'ma n N0 J5 D3 v\r\n',
  'mn\r\n',
  'me a\r\n',
  'quit\r\n',
].map(command => Buffer.from(command, 'latin1'))

const replication = [
  'rep a 0 0 3 1\r\nabc\r\n',
  'rep b -1 1800000100 0 18446744073709551615\r\n\r\n',
  'delete a\r\n',
  'flush_all \r\n',
  'flush_all 1800000100\r\n',
  'marugoto_end\r\n',
].map(frame => Buffer.from(frame, 'latin1'))

const binary = Array.from({length: 0x26}, (_, opcode) => {
  const key = Buffer.from('key')
  const extras = Buffer.alloc([0x01, 0x02, 0x03, 0x11].includes(opcode) ? 8 : [0x05, 0x06].includes(opcode) ? 20 : 0)
  const header = Buffer.alloc(24)
  header[0] = 0x80
  header[1] = opcode
  header.writeUInt16BE(key.length, 2)
  header[4] = extras.length
  header.writeUInt32BE(key.length + extras.length + 4, 8)
  return Buffer.concat([header, extras, key, Buffer.from('data')])
})

export const corpora = {text, replication, binary} as const

const oddities = [
  '\0',
  '\r',
  '\n',
  '\r\n',
  ' ',
  '-1',
  '4294967296',
  '18446744073709551616',
  'noreply',
  '\x80',
  '\xff',
  '😀',
]

/** Mulberry32: small, and the same everywhere. */
export function randomFrom(seed: number): (below: number) => number {
  let state = seed
  return below => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}

/** One to four pieces of the corpus, each changed or not, some of it noise. */
export function mutate(corpus: readonly Buffer[], random: (below: number) => number): Buffer {
  const pieces = Array.from({length: 1 + random(4)}, () => {
    const piece = Buffer.from(corpus[random(corpus.length)]!)
    switch (random(7)) {
      case 0:
        piece[random(piece.length)] = random(256)
        return piece
      case 1:
        return piece.subarray(0, random(piece.length))
      case 2:
        return Buffer.concat([piece.subarray(0, random(piece.length)), piece.subarray(random(piece.length))])
      case 3: {
        const at = random(piece.length)
        const odd = Buffer.from(oddities[random(oddities.length)]!, 'latin1')
        return Buffer.concat([piece.subarray(0, at), odd, piece.subarray(at)])
      }
      case 4:
        return Buffer.from(Array.from({length: random(60)}, () => random(256)))
      case 5:
        return Buffer.concat([piece.subarray(0, 3), Buffer.alloc(random(3000), 'k'), piece.subarray(3)])
      default:
        return piece
    }
  })
  return Buffer.concat(pieces)
}
