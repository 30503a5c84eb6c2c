import {EvictionsError, EvictionWatch} from '../../engine/transfer/eviction-watch.js'
import type {ServerFacts} from '../../engine/transfer/items/server-facts.js'
import type {Pace} from '../../engine/transfer/pace.js'
import {type ItemSource, type Moved, type NotSeen, pump} from '../../engine/transfer/pump.js'
import {type RefusedHow, ServerSink, type SinkCounts} from '../../engine/transfer/server-sink.js'
import {messageOf, RepbenchError} from '../../protocol/errors.js'
import {toPrintable} from '../../protocol/printable.js'
import {UsageError} from '../app/errors.js'

const EXAMPLES = 5

export interface MoveOptions {
  readonly source: ItemSource
  /** Of the server that is written to. */
  readonly facts: ServerFacts
  readonly mode: 'add' | 'set'
  /** Added to every exptime. */
  readonly shiftSeconds: number
  /** For items whose exptime is unknown: seconds, 0 = for ever; undefined = such an item ends it. */
  readonly exptimeUnknown: number | undefined
  readonly pace: Pace
  readonly despiteEvictions: boolean
  readonly signal: AbortSignal
  readonly onProgress: (moved: Moved) => void
}

/** An item that the server did not take. */
interface RefusedItem {
  /** As it is shown. */
  readonly key: string
  readonly how: RefusedHow
  readonly bytes: number
}

export interface MoveOutcome {
  readonly counts: SinkCounts
  readonly refusal: string | null
  /** Some. */
  readonly refusedExamples: readonly RefusedItem[]
  /** Items that the server dropped meanwhile to make room. */
  readonly evicted: number
  /** What the source could not hand over; null when it was not read to its end. */
  readonly notSeen: NotSeen | null
  readonly seconds: number
  /** Why it did not come to its end; null when it did. */
  readonly problem: string | null
  readonly isEvicting: boolean
}

/**
 * Moves the items of a source to a server.
 * @throws UsageError for an unknown exptime when nobody has said what to do with those
 */
export async function moveToServer(options: MoveOptions): Promise<MoveOutcome> {
  const {facts, mode, signal, shiftSeconds, exptimeUnknown, despiteEvictions} = options
  const startMs = performance.now()
  const refusedExamples: RefusedItem[] = []
  const watch = new EvictionWatch({address: facts.address, signal})
  const sink = new ServerSink({
    facts,
    mode,
    exptimes: {shiftSeconds, unknownTtlSeconds: exptimeUnknown ?? 0},
    signal,
    onRefused: ({key, value}, how) => {
      if (refusedExamples.length >= EXAMPLES) return
      refusedExamples.push({key: toPrintable(Buffer.from(key, 'latin1')), how, bytes: value.length})
    },
  })
  let notSeen: NotSeen | null = null
  let failure: RepbenchError | null = null
  try {
    await watch.start()
    const beforeBatch = despiteEvictions ? undefined : () => watch.check()
    const source = exptimeUnknown === undefined ? withKnownExptimes(options.source) : options.source
    const moved = await pump({source, sink, pace: options.pace, onProgress: options.onProgress, beforeBatch})
    await sink.finish()
    // What was written last may have pushed something out.
    await watch.look()
    notSeen = moved.notSeen
  } catch (error) {
    if (error instanceof UsageError || !(isExpected(error) || signal.aborted)) throw error
    failure = error instanceof RepbenchError ? error : new RepbenchError('ERR_INTERRUPTED', messageOf(error))
    // What is under way is counted.
    await sink.finish().catch(() => {})
  } finally {
    watch.close()
    sink.close()
  }
  return {
    counts: sink.counts,
    refusal: sink.refusal,
    refusedExamples,
    evicted: watch.evicted,
    notSeen,
    seconds: (performance.now() - startMs) / 1000,
    problem: failure?.message ?? null,
    isEvicting: failure instanceof EvictionsError,
  }
}

function isExpected(error: unknown): boolean {
  return error instanceof RepbenchError
}

/** What lives how long must be said by somebody. */
function withKnownExptimes(source: ItemSource): ItemSource {
  return {
    async *batches() {
      const batches = source.batches()
      try {
        for (;;) {
          const next = await batches.next()
          if (next.done === true) return next.value
          if (next.value.some(({expiresAt}) => expiresAt === null)) {
            throw new UsageError(
              'Expected items with exptimes, got some whose server does not tell them; ' +
                '--exptime-unknown never or a duration such as 1h says how long they live',
            )
          }
          yield next.value
        }
      } finally {
        await batches.return({hidden: null, unreadable: 0, gone: 0, exptimeUnknown: 0, damage: null})
      }
    },
  }
}
