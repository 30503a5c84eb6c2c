import {expect, it, test} from 'vitest'
import {DumpTextSink, renderItem} from '../../../../src/engine/transfer/dump/dump-text-sink.js'
import {allSeen} from '../../../../src/engine/transfer/pump.js'
import {fromPrintable} from '../../../../src/protocol/printable.js'
import {header, item, MemoryOutput} from './dumps.js'

test.each([
  ['plain', item('a', 'hello', {flags: 5}), 'a\t5\tnever\t5\thello\n'],
  ['with an exptime', item('a', 'x', {expiresAt: 1_800_000_000}), 'a\t0\t2027-01-15T08:00:00Z\t1\tx\n'],
  ['without a known one', item('a', 'x', {expiresAt: null}), 'a\t0\tunknown\t1\tx\n'],
  ['that expires after all days', item('a', 'x', {expiresAt: 2 ** 50}), `a\t0\t${2 ** 50}\t1\tx\n`],
  [
    'of odd bytes',
    item('\t\xff ', Buffer.from('a\tb\n\xe9', 'latin1')),
    '\\x09\\xff \t0\tnever\t5\ta\\x09b\\x0a\\xe9\n',
  ],
  ['of UTF-8', item(Buffer.from('schlüssel').toString('latin1'), 'größe'), 'schlüssel\t0\tnever\t7\tgröße\n'],
])('an item %s is one line', (_, each, line) => {
  expect(renderItem(each, 0)).toBe(line)
  const [key, , , , value] = line.slice(0, -1).split('\t')
  expect([fromPrintable(key!).toString('latin1'), fromPrintable(value!)]).toEqual([each.key, each.value])
})

it('tells exptimes by our clock', () => {
  expect(renderItem(item('a', 'x', {expiresAt: 1_800_000_060}), 60)).toContain('2027-01-15T08:00:00Z')
  expect(renderItem(item('a', 'x'), 60)).toContain('never')
})

it('says what it is of, and what is not there', async () => {
  const output = new MemoryOutput()
  const sink = await DumpTextSink.begin({output, header})
  await sink.write([item('a', 'x'), item('b', 'y')])
  await sink.write([])
  await sink.complete({hidden: null, unreadable: 1, gone: 4, exptimeUnknown: 2, damage: 'expected a block'})
  expect(output.bytes.toString().split('\n')).toEqual([
    '# 10.0.0.1:11211 at 2026-11-28T10:00:00.000Z: key, flags, exptime, bytes, value',
    'a\t0\tnever\t1\tx',
    'b\t0\tnever\t1\ty',
    '# 2 items, an unknown number not listed by the server, 1 that no protocol of the server can name, 2 with an unknown exptime, cut: expected a block',
    '',
  ])
  expect(output.isComplete).toBe(true)
})

it('ends with a count, or with its interruption', async () => {
  for (const [end, line] of [
    [(sink: DumpTextSink) => sink.complete(allSeen), '# 1 items\n'],
    [(sink: DumpTextSink) => sink.interrupt(), '# interrupted after 1 items\n'],
  ] as const) {
    const output = new MemoryOutput()
    const sink = await DumpTextSink.begin({output, header})
    await sink.write([item('a', 'x')])
    await end(sink)
    expect(output.bytes.toString()).toContain(`a\t0\tnever\t1\tx\n${line}`)
  }
})
