import {beginConversation} from '../../src/server/embedded/clients/begin-conversation.js'
import {ReadGate} from '../../src/server/embedded/conversation/read-gate.js'
import {ConnectionTable} from '../../src/server/embedded/node/connection-table.js'
import type {NodeContext} from '../../src/server/embedded/node/node-context.js'
import {NodeCounters} from '../../src/server/embedded/node/node-counters.js'
import {NodeLog} from '../../src/server/embedded/node/node-log-writer.js'
import {defaultSettings, type NodeSettings} from '../../src/server/embedded/node/node-settings.js'
import {personalities} from '../../src/server/embedded/node/personality.js'
import {PrefixStats} from '../../src/server/embedded/node/prefix-stats.js'
import {noPeer, noReplicationStats} from '../../src/server/embedded/node/replication.js'
import {Watchers} from '../../src/server/embedded/node/watchers.js'
import {ReplyWriter} from '../../src/server/embedded/replies/reply-writer.js'
import {Clock} from '../../src/server/embedded/store/clock.js'
import {LruCrawler} from '../../src/server/embedded/store/lru-crawler.js'
import {PageMover} from '../../src/server/embedded/store/page-mover.js'
import {Store} from '../../src/server/embedded/store/store.js'

/** A small store of its own, at a time that stands still. */
export function offlineContext(changed: Partial<NodeSettings> = {}): NodeContext {
  const clock = new Clock({wallMs: () => 1_800_000_000_000, monotonicMs: () => 0})
  const settings = {...defaultSettings, ...changed}
  const store = new Store({memoryLimitBytes: 4 << 20, itemMaxBytes: 1 << 20, evictions: true, clock})
  return {
    version: '0.0.0-test',
    settings,
    clock,
    store,
    personality: personalities[settings.like],
    watchers: new Watchers(settings.watcherBufferBytes),
    connections: new ConnectionTable(),
    crawler: new LruCrawler(store),
    pageMover: new PageMover({store, mayMove: () => true}),
    shutDown: () => {},
    counters: new NodeCounters(),
    prefixes: new PrefixStats({delimiter: ':', enabled: false}),
    log: new NodeLog(settings, () => {}),
    toPeer: noPeer,
    replicationStats: () => noReplicationStats,
  }
}

/** A client that nobody can write to. */
export const offlineSocket = {hasUnsentReplies: false, unsentBytes: 0, sendLog: () => {}}

/** The answers of a fresh store to a client's stream, without sockets, the stream cut at the given places. */
export function answersTo(input: Buffer, cuts: readonly number[] = [], settings: Partial<NodeSettings> = {}): string {
  const context = offlineContext(settings)
  const replies = new ReplyWriter()
  let answers = ''
  const collect = () => {
    answers += replies.buffer.toString('latin1', 0, replies.length)
  }
  replies.onFull = bytes => {
    collect()
    replies.renew(Buffer.allocUnsafeSlow(Math.max(bytes, replies.buffer.length)))
  }
  const conversation = beginConversation(
    {context, replies, id: 1, socket: offlineSocket, gate: new ReadGate()},
    input[0] ?? 0,
  )
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
