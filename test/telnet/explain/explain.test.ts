import {readFileSync} from 'node:fs'
import {describe, expect, it} from 'vitest'
import {ReplyParser} from '../../../src/protocol/text/reply-parser.js'
import {explainNotice, explainReply} from '../../../src/telnet/explain/explain.js'

type Exchange = readonly [sent: string, replies: string]

function recorded(name: string): Exchange[] {
  return JSON.parse(readFileSync(new URL(`../../fixtures/${name}.json`, import.meta.url), 'utf8'))
}

/** The lines of replies that are no data. */
function replyLines(replies: string): string[] {
  const lines: string[] = []
  // The parser does not know meta values.
  const withoutMetaValues = replies.replaceAll(/^(VA \d+.*\r\n).*\r\n/gm, '$1')
  const parser = new ReplyParser({
    onReply: () => {},
    onLine: line => lines.push(Buffer.from(line).toString('latin1')),
    onData: () => {},
  })
  parser.push(Buffer.from(withoutMetaValues, 'latin1'))
  return lines
}

describe('explanations', () => {
  it.each(['memcached-1.4.13-exchanges', 'memcached-1.6.18-meta', 'memcached-1.6.45-meta'])(
    'exist for every line of %s',
    name => {
      const lines = new Set(recorded(name).flatMap(([, replies]) => replyLines(replies)))
      expect(lines.size).toBeGreaterThan(20)
      // Values of meta gets with line ends in them are cut at another place here.
      const unknown = [...lines].filter(line => /^[A-Z]{2,}/.test(line) && explainReply(line) === null)
      expect(unknown).toEqual([])
    },
  )

  it.each([
    ['CLIENT_ERROR bad data chunk', /another length/, /Count the bytes/],
    ['SERVER_ERROR object too large for cache', /-I/, /larger -I/],
    ['SERVER_ERROR out of memory storing object', /slab class/, /more memory/],
    ['SERVER_ERROR out of memory', /could not get memory/, /more memory/],
    ['STAT replication MASTER', /always/, /Screen 1/],
    ['STORED', /before it replicates/, /other node/],
    ['EN', /miss/, null],
  ])('say what %s means', (line, meaning, advice) => {
    const explained = explainReply(line)
    expect(explained?.meaning).toMatch(meaning)
    if (advice === null) expect(explained?.advice).toBeNull()
    else expect(explained?.advice).toMatch(advice)
  })

  it('leave data alone', () => {
    expect(explainReply('hello world')).toBeNull()
    expect(explainReply('')).toBeNull()
  })

  it.each([
    'Trying 127.0.0.1...',
    'Connected to 127.0.0.1.',
    "Escape character is '^]'.",
    'Connection closed by foreign host.',
    'Connection closed.',
    'Unable to connect to 127.0.0.1:1: Connection refused',
    'Not connected.',
  ])('say what the console means by %s', line => {
    expect(explainNotice(line)).not.toBeNull()
  })
})
