import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import type {ReplyKind} from '../../../src/protocol/text/reply-kind.js'
import {REPLY_LINE_MAX_BYTES, type ReplyHandler, ReplyParser} from '../../../src/protocol/text/reply-parser.js'

type Reply = [kind: ReplyKind, values: number]

function parse(pieces: Uint8Array[]): {replies: Reply[]; midReply: boolean} {
  const replies: Reply[] = []
  const parser = new ReplyParser({onReply: (kind, values) => replies.push([kind, values])})
  for (const piece of pieces) parser.push(piece)
  return {replies, midReply: parser.midReply}
}

/** Everything a handler can hear, data pieces joined. */
function listen(pieces: Uint8Array[]): unknown[] {
  const heard: unknown[] = []
  let data: number[] = []
  const handler: ReplyHandler = {
    onReply: (kind, values) => heard.push({kind, values, line: parser.lastLine()}),
    onLine: line => heard.push(Buffer.from(line).toString('latin1')),
    onValue: (line, start, end, size) => heard.push(`${Buffer.from(line).toString('latin1', start, end)}: ${size}`),
    onData: (piece, start, end, last) => {
      data.push(...piece.subarray(start, end))
      if (!last) return
      heard.push({data})
      data = []
    },
  }
  const parser = new ReplyParser(handler)
  for (const piece of pieces) parser.push(piece)
  return heard
}

const bytes = (text: string): Uint8Array => Buffer.from(text, 'latin1')

describe('kinds', () => {
  test.each<[string, Reply]>([
    ['STORED\r\n', ['stored', 0]],
    ['NOT_STORED\r\n', ['not_stored', 0]],
    ['EXISTS\r\n', ['exists', 0]],
    ['NOT_FOUND\r\n', ['not_found', 0]],
    ['DELETED\r\n', ['deleted', 0]],
    ['TOUCHED\r\n', ['touched', 0]],
    ['OK\r\n', ['ok', 0]],
    ['VERSION 1.4.13\r\n', ['version', 0]],
    ['41\r\n', ['number', 0]],
    ['9  \r\n', ['number', 0]],
    ['END\r\n', ['end', 0]],
    ['ERROR\r\n', ['error', 0]],
    ['CLIENT_ERROR bad data chunk\r\n', ['client_error', 0]],
    ['SERVER_ERROR out of memory storing object\r\n', ['server_error', 0]],
    ['VALUE k 0 3\r\n111\r\nEND\r\n', ['end', 1]],
    ['VALUE k 0 3 17\r\n111\r\nVALUE l 1 0\r\n\r\nEND\r\n', ['end', 2]],
    ['VALUE k 0 7\r\nEND\r\nab\r\nEND\r\n', ['end', 1]],
    ['VALUE k 0 3\r\n111\r\nSERVER_ERROR out of memory\r\n', ['server_error', 1]],
    ['STAT pid 1\r\nSTAT uptime 2\r\nEND\r\n', ['end', 0]],
    ['ITEM a [3 b; 0 s]\r\nEND\r\n', ['end', 0]],
    ['key=a exp=-1 la=1\r\nEND\r\n', ['end', 0]],
    ['STOREDX\r\n', ['unknown', 0]],
    ['HD t-1 f0 s2\r\n', ['hd', 0]],
    ['EN\r\n', ['en', 0]],
    ['NF O1\r\n', ['nf', 0]],
    ['NS\r\n', ['ns', 0]],
    ['EX\r\n', ['ex', 0]],
    ['MN\r\n', ['mn', 0]],
    ['ME a exp=-1 la=0 cas=1 fetch=yes cls=1 size=62\r\n', ['me', 0]],
    ['VA 2 ka Oabc\r\nhi\r\n', ['va', 1]],
    ['VA 0\r\n\r\n', ['va', 1]],
    ['VA 4\r\nEN\r\n\r\n', ['va', 1]],
    ['VA 1\r\n12\r', ['unknown', 1]],
    ['VA\r\n', ['unknown', 0]],
    ['VA x\r\n', ['unknown', 0]],
    ['mg a\r\nmg b\r\nEN\r\n', ['en', 0]],
    ['\r\n', ['unknown', 0]],
    ['4x\r\n', ['unknown', 0]],
    ['VALUE k 0 x\r\n', ['unknown', 0]],
    ['VALUE k 0\r\n', ['unknown', 0]],
    ['VALUE k 0 99999999999\r\n', ['unknown', 0]],
  ])('%j', (text, reply) => {
    expect(parse([bytes(text)])).toEqual({replies: [reply], midReply: false})
  })
})

test('a data block longer than announced affects its reply only', () => {
  expect(parse([bytes('VALUE k 0 3\r\n1111\r\nEND\r\nSTORED\r\n')]).replies.at(-1)).toEqual(['stored', 0])
  expect(parse([bytes('VALUE k 0 3\r\n1111\r\nEND\r\nSTORED\r\n')]).replies[0]).toEqual(['unknown', 1])
})

test('says whether a reply has begun', () => {
  expect(parse([]).midReply).toBe(false)
  expect(parse([bytes('S')]).midReply).toBe(true)
  expect(parse([bytes('VALUE k 0 3\r\n')]).midReply).toBe(true)
  expect(parse([bytes('VALUE k 0 3\r\n111\r\n')]).midReply).toBe(true)
  expect(parse([bytes('VALUE k 0 3\r\n111\r\nEND\r\n')]).midReply).toBe(false)
})

test('says how long each reply was, cut anywhere', () => {
  const whole = 'STORED\r\nVALUE k 0 3\r\n111\r\nEND\r\nEND\r\n12\r\nNOT_FOUND\nSTORED\r\n'
  const lengths = (pieces: string[]) => {
    const heard: number[] = []
    const parser = new ReplyParser({onReply: () => heard.push(parser.replyBytes)})
    for (const piece of pieces) parser.push(bytes(piece))
    return heard
  }
  expect(lengths([whole])).toEqual([8, 23, 5, 4, 10, 8])
  expect(lengths([...whole])).toEqual(lengths([whole]))
})

test('reads only the given length of a reused buffer', () => {
  const replies: Reply[] = []
  const parser = new ReplyParser({onReply: (kind, values) => replies.push([kind, values])})
  const shared = Buffer.alloc(64)
  for (const piece of ['STOR', 'ED\r\nEN', 'D\r\n']) parser.push(shared, shared.write(piece, 'latin1'))
  expect(replies).toEqual([
    ['stored', 0],
    ['end', 0],
  ])
})

test('cuts a line without end and keeps no more of it', () => {
  const rubbish = Buffer.alloc(REPLY_LINE_MAX_BYTES * 3 + 5, 'x')
  const whole = parse([rubbish, bytes('\r\nSTORED\r\n')])
  expect(whole.replies).toEqual([
    ['unknown', 0],
    ['unknown', 0],
    ['unknown', 0],
    ['unknown', 0],
    ['stored', 0],
  ])
  expect(parse([rubbish.subarray(0, 5000), rubbish.subarray(5000), bytes('\r\nSTORED\r\n')])).toEqual(whole)
})

test('gives lines, data and the boundary of each reply', () => {
  expect(listen([bytes('VALUE k 0 3\r\n\r\n1\r\nEND\r\nVALUE e 0 0\r\n\r\nEND\r\nSTORED\r\n')])).toEqual([
    'VALUE k 0 3',
    'VALUE k 0 3: 3',
    {data: [13, 10, 49]},
    'END',
    {kind: 'end', values: 1, line: 'END'},
    'VALUE e 0 0',
    'VALUE e 0 0: 0',
    {data: []},
    'END',
    {kind: 'end', values: 1, line: 'END'},
    'STORED',
    {kind: 'stored', values: 0, line: 'STORED'},
  ])
})

const line = fc.constantFrom(
  'STORED',
  'END',
  'NOT_FOUND',
  'ERROR',
  'SERVER_ERROR x',
  '12',
  'STAT a b',
  'rubbish',
  '',
  'VALUE',
  'VA 3',
  'HD',
  'mg a',
)
const value = fc
  .tuple(fc.uint8Array({maxLength: 40}), fc.constantFrom('', ' 5'), fc.constantFrom('END\r\n', ''))
  .map(([data, cas, end]) => Buffer.concat([bytes(`VALUE k 0 ${data.length}${cas}\r\n`), data, bytes(`\r\n${end}`)]))
const stream = fc
  .array(
    fc.oneof(
      line.map(text => Buffer.from(`${text}\r\n`, 'latin1')),
      value,
      fc.uint8Array({maxLength: 12}),
    ),
    {maxLength: 12},
  )
  .map(parts => Buffer.concat(parts))

test('cut anywhere = uncut', () => {
  fc.assert(
    fc.property(stream, fc.array(fc.nat({max: 300}), {maxLength: 10}), (whole, cuts) => {
      const at = [0, ...cuts.map(cut => Math.min(cut, whole.length)).sort((a, b) => a - b), whole.length]
      const pieces = at.slice(1).map((end, i) => whole.subarray(at[i], end))
      const single = Array.from(whole, (_, i) => whole.subarray(i, i + 1))
      expect(parse(pieces)).toEqual(parse([whole]))
      expect(parse(single)).toEqual(parse([whole]))
      expect(listen(pieces)).toEqual(listen([whole]))
      expect(listen(single)).toEqual(listen([whole]))
    }),
    {numRuns: 500},
  )
})
