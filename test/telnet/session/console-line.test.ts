import {describe, expect, it} from 'vitest'
import {readCommandLine} from '../../../src/telnet/session/console-line.js'

describe('readCommandLine', () => {
  it.each([
    ['set key1 0 0 3', 3],
    ['set key1 4294967295 -1 0', 0],
    ['set  key1  0  0  3  noreply', 3],
    ['add k 0 1795329198 1048576', 1_048_576],
    ['replace k 0 0 1', 1],
    ['append k 0 0 1', 1],
    ['prepend k 0 0 1', 1],
    ['cas k 0 0 10 18446744073709551615', 10],
    ['ms k 4 T0', 4],
  ])('expects the data block of %j', (line, dataBytes) => {
    expect(readCommandLine(line).dataBytes).toBe(dataBytes)
  })

  it.each([
    'get key1',
    'set key1 0 0',
    'set key1 0 0 three',
    'set key1 0 0 -1',
    'set key1 -1 0 3',
    'set key1 0 0 3 noreply more',
    'set key1 0 0 99999999999',
    `set ${'k'.repeat(251)} 0 0 3`,
    'cas k 0 0 10',
    'incr n 5',
    '',
  ])('expects none after %j, which the server answers at once', line => {
    expect(readCommandLine(line).dataBytes).toBeNull()
  })

  it.each([
    ['get key1', 'one'],
    ['', 'one'],
    ['noreply', 'one'],
    ['set key1 0 0 3 noreply', 'errors'],
    ['incr n 5 noreply', 'errors'],
    ['flush_all noreply', 'errors'],
    ['verbosity 1 noreply', 'errors'],
    // A key, or too few words, to every server.
    ['get a noreply', 'one'],
    ['delete noreply', 'one'],
    ['version noreply', 'one'],
    ['quit', 'errors'],
    ['mg k v', 'one'],
    ['mg k v q', 'quiet'],
    ['mg q v', 'one'],
    ['mn', 'one'],
  ])('knows how %j is answered', (line, answer) => {
    expect(readCommandLine(line).answer).toBe(answer)
  })
})
