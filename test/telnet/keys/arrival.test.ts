import {expect, it} from 'vitest'
import type {ReplyKind} from '../../../src/protocol/text/reply-kind.js'
import {changedKey} from '../../../src/telnet/keys/arrival.js'

it.each<[line: string, kind: ReplyKind, key: string | null]>([
  ['set a 0 0 2', 'stored', 'a'],
  ['set a 0 0 2', 'server_error', null],
  ['delete a', 'deleted', 'a'],
  ['incr a 5', 'number', 'a'],
  ['get a', 'end', null],
  ['ms a 2 T60', 'hd', 'a'],
  ['ms a 2 ME', 'ns', null],
  ['ma a v', 'va', 'a'],
  ['md a', 'hd', 'a'],
  ['md a', 'nf', null],
  ['mg a', 'hd', null],
  ['ms YQ== 2 b', 'hd', null],
])('%j, answered with %s, has changed %j', (line, kind, key) => expect(changedKey(line, kind)).toBe(key))
