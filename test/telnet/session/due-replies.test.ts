import {expect, it} from 'vitest'
import type {ReplyKind} from '../../../src/protocol/text/reply-kind.js'
import {ReplyParser} from '../../../src/protocol/text/reply-parser.js'
import {DueReplies} from '../../../src/telnet/session/due-replies.js'
import {RequestSplitter} from '../../../src/telnet/session/request-splitter.js'

/**
 * Plays a transcript: `>` is typed, `<` comes, a number lets so many ms pass. Tells for each whole reply to which
 * line it belongs.
 */
function answered(...transcript: (string | number)[]): string[] {
  const due = new DueReplies()
  const splitter = new RequestSplitter()
  const settled: string[] = []
  let nowMs = 0
  let lines: string[] = []
  const settle = (kind: ReplyKind) => settled.push(`${kind}: ${due.settle(kind)?.lines[0] ?? '–'}`)
  const parser = new ReplyParser({onReply: settle, onLine: () => {}})
  for (const step of transcript) {
    if (typeof step === 'number') {
      nowMs += step
      continue
    }
    const line = `${step.slice(2)}\r\n`
    if (step.startsWith('<')) {
      parser.push(Buffer.from(line))
      continue
    }
    lines.push(step.slice(2))
    for (const {completes} of splitter.push(Buffer.from(line))) {
      if (completes === null) continue
      due.add({command: completes, lines, sentAtMs: nowMs})
      lines = []
    }
  }
  return [...settled, `${due.count} due`]
}

it('every meta reply is one reply', () => {
  const each: [string, string][] = [
    ['mg a v', 'VA 2 f0'],
    ['ms a 2', 'HD'],
    ['mg b v', 'EN'],
    ['md b', 'NF'],
    ['ms a 2 ME', 'NS'],
    ['ms a 2 C9', 'EX'],
    ['ma n v', 'VA 2'],
    ['me a', 'ME a exp=-1'],
    ['mn', 'MN'],
    ['mg', 'ERROR'],
  ]
  const transcript = each.flatMap(([request, reply]) => [
    `> ${request}`,
    ...(request.startsWith('ms') ? ['> hi'] : []),
    `< ${reply}`,
    ...(reply.startsWith('VA') ? ['< hi'] : []),
  ])
  const kinds = each.map(([request, reply]) => `${reply.split(' ')[0]?.toLowerCase()}: ${request}`)
  expect(answered(...transcript, '> get a', '< END')).toEqual([...kinds, 'end: get a', '0 due'])
})

it('a quiet request is answered by what it does not keep back, and waits for nothing', () => {
  expect(answered('> mg a v q', '> mg b v q', '< VA 2', '< hi', '> mn', '< MN')).toEqual([
    'va: mg a v q',
    'mn: mn',
    '0 due',
  ])
  expect(answered('> ms a 2 q', '> hi', '> mg a', '< HD')).toEqual(['hd: mg a', '0 due'])
  expect(answered('> ms a 2 ME q', '> hi', '< NS', '> get a', '< END')).toEqual([
    'ns: ms a 2 ME q',
    'end: get a',
    '0 due',
  ])
  expect(answered('> md a q', '> md b q', '< NF', '> mg a', '< EN')).toEqual(['nf: md a q', 'en: mg a', '0 due'])
})

it('a quiet miss of some time ago does not take the hit of now', () => {
  expect(answered('> mg a v q', 5000, '> mg b v q', '< VA 2', '< hi')).toEqual(['va: mg b v q', '0 due'])
})

it('where a quiet hit and another come together, no later reply is mistaken', () => {
  expect(
    answered('> mg a v q', '> mg b v', '< VA 1', '< a', '< VA 1', '< b', '> mg c', '< HD', '> get d', '< END'),
  ).toEqual(['va: mg b v', 'va: mg b v', 'hd: mg c', 'end: get d', '0 due'])
})

it('noreply keeps back everything but errors; as a key it is one', () => {
  expect(answered('> set a 0 0 2 noreply', '> hi', '> get a', '< VALUE a 0 2', '< hi', '< END')).toEqual([
    'end: get a',
    '0 due',
  ])
  expect(
    answered('> set a 0 0 x noreply', '< CLIENT_ERROR bad command line format', '> version', '< VERSION 1'),
  ).toEqual(['client_error: set a 0 0 x noreply', 'version: version', '0 due'])
  expect(answered('> get a noreply', '< END')).toEqual(['end: get a noreply', '0 due'])
})

it('a reply of many lines is one', () => {
  expect(
    answered(
      ...['> get a b c', '< VALUE a 0 1', '< x', '< VALUE c 0 1', '< y', '< END'],
      ...['> stats', '< STAT pid 1', '< STAT uptime 2', '< END'],
      ...['> stats cachedump 1 2', '< ITEM a [1 b; 0 s]', '< END'],
      ...['> stats detail dump', '< PREFIX a get 1 hit 1 set 1 del 0', '< END'],
      ...['> lru_crawler metadump all', '< key=a exp=-1 la=1', '< key=b exp=-1 la=1', '< END'],
      ...['> lru_crawler mgdump all', '< mg a', '< mg b', '< EN'],
      ...['> get a', '< END'],
    ),
  ).toEqual([
    'end: get a b c',
    'end: stats',
    'end: stats cachedump 1 2',
    'end: stats detail dump',
    'end: lru_crawler metadump all',
    'en: lru_crawler mgdump all',
    'end: get a',
    '0 due',
  ])
})

it('what a watched connection tells is no reply', () => {
  expect(
    answered(
      '> watch fetchers',
      '< OK',
      '< ts=1.2 gid=1 type=item_get key=a status=found',
      '> get a',
      '< ts=1.3 gid=2',
    ),
  ).toEqual(['ok: watch fetchers', 'unknown: –', 'unknown: –', '0 due'])
  expect(answered('> watch nonsense', '< ERROR', '> get a', '< END')).toEqual([
    'error: watch nonsense',
    'end: get a',
    '0 due',
  ])
})

it('what the protocol does not allow still answers what is due, and nothing where nothing is', () => {
  expect(answered('> get a', '< HD', '> get b', '< END', '< STORED')).toEqual([
    'hd: get a',
    'end: get b',
    'stored: –',
    '0 due',
  ])
})

it('remembers no end of quiet requests', () => {
  const typed = Array.from({length: 5000}, () => '> delete a noreply')
  expect(answered(...typed, '< ERROR', '> get a', '< END')).toEqual(['error: delete a noreply', 'end: get a', '0 due'])
})

it('takes commands for unknown ones that are called as what every object has', () => {
  for (const verb of ['constructor', 'toString', '__proto__', 'hasOwnProperty']) {
    expect(answered(`> ${verb}`, '< ERROR', '> version', '< VERSION 1')).toEqual([
      `error: ${verb}`,
      'version: version',
      '0 due',
    ])
  }
})
