import {noChangeLog} from '../../src/server/embedded/change-log.js'
import {Clock} from '../../src/server/embedded/clock.js'
import {beginConversation} from '../../src/server/embedded/conversation.js'
import type {NodeContext} from '../../src/server/embedded/node-context.js'
import {NodeCounters} from '../../src/server/embedded/node-counters.js'
import {NodeLog} from '../../src/server/embedded/node-log-writer.js'
import {defaultSettings} from '../../src/server/embedded/node-settings.js'
import {PrefixStats} from '../../src/server/embedded/prefix-stats.js'
import {noReplicationStats} from '../../src/server/embedded/replication-figures.js'
import {ReplyWriter} from '../../src/server/embedded/reply-writer.js'
import {Store} from '../../src/server/embedded/store.js'

/** A small store of its own, at a time that stands still. */
export function offlineContext(): NodeContext {
  const clock = new Clock({wallMs: () => 1_800_000_000_000, monotonicMs: () => 0})
  const settings = {...defaultSettings}
  return {
    version: '0.0.0-test',
    settings,
    clock,
    store: new Store({memoryLimitBytes: 4 << 20, itemMaxBytes: 1 << 20, evictions: true, clock}),
    counters: new NodeCounters(),
    prefixes: new PrefixStats({delimiter: ':', enabled: false}),
    log: new NodeLog(settings, () => {}),
    changes: noChangeLog,
    replicationStats: () => noReplicationStats,
  }
}

/** The answers of a fresh store to a client's stream, without sockets, the stream cut at the given places. */
export function answersTo(input: Buffer, cuts: readonly number[] = []): string {
  const context = offlineContext()
  const replies = new ReplyWriter()
  let answers = ''
  const collect = () => {
    answers += replies.buffer.toString('latin1', 0, replies.length)
  }
  replies.onFull = bytes => {
    collect()
    replies.renew(Buffer.allocUnsafeSlow(Math.max(bytes, replies.buffer.length)))
  }
  const conversation = beginConversation({context, replies, id: 1}, input[0] ?? 0)
  const bounds = [...new Set([0, ...cuts.map(cut => cut % (input.length + 1)), input.length])].sort((a, b) => a - b)
  for (let index = 1; index < bounds.length; index++) {
    const piece = Buffer.from(input.subarray(bounds[index - 1], bounds[index]))
    conversation.push(piece, 0, piece.length)
    // What was read must not be needed again.
    piece.fill('?')
  }
  conversation.abort()
  collect()
  return answers
}
