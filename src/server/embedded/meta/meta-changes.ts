import {assertNever} from '../../../protocol/errors.js'
import {flagAt} from '../../../protocol/text/meta-flags.js'
import {BAD_FORMAT} from '../conversation/line-words.js'
import type {CounterVerb} from '../items/item-operations.js'
import {countItem, deleteItem} from '../items/item-operations.js'
import type {NodeContext} from '../node/node-context.js'
import type {TextReplies} from '../replies/text-replies.js'
import {casText} from '../store/item-text.js'
import {FETCHED, KEY_BASE64, STALE, TOKEN_SENT} from '../store/memory/item-columns.js'
import {ANY_CAS, type CasUnique, hasCas, mayGiveCas, replaceWith, splitCas} from '../store/store-item.js'
import {remaining} from './meta-get.js'
import {type MetaRequest, metaForms} from './meta-request.js'

const verbOfMode: Readonly<Record<string, CounterVerb>> = {'': 'incr', I: 'incr', '+': 'incr', D: 'decr', '-': 'decr'}

/** `md <key> <flag>*` */
export function runMetaDelete(context: NodeContext, request: MetaRequest, replies: TextReplies): void {
  const refusal = request.read(metaForms.md) ?? request.longOpaque
  if (refusal !== null) {
    replies.line(refusal)
    return
  }
  const {flags} = request
  const outcome = flags.invalidates || flags.dropsValue ? mark(context, request) : remove(context, request)
  switch (outcome) {
    case 'DELETED':
      replies.line(`HD${request.echo()}`, flags.quiet)
      return
    case 'NOT_FOUND':
      replies.line(`NF${request.echo()}`)
      return
    case 'EXISTS':
      replies.line(`EX${request.echo()}`)
      return
    case 'OUT_OF_MEMORY':
      replies.line('SERVER_ERROR out of memory')
      return
    default:
      assertNever(outcome)
  }
}

type DeleteOutcome = 'DELETED' | 'NOT_FOUND' | 'EXISTS'

function remove(context: NodeContext, request: MetaRequest): DeleteOutcome {
  if (!lacksCas(context, request)) return deleteItem(context, request.key, ANY_CAS, 'md')
  context.counters.deleteMisses++
  return 'EXISTS'
}

/** Whether the item lacks the cas unique that the request names; unlike elsewhere, 0 matches no item. */
function lacksCas({store}: NodeContext, {key, flags}: MetaRequest): boolean {
  if (flags.cas === null) return false
  const item = store.find(key.keyBuffer, key.keyStart, key.keyEnd, key.hash)
  return item !== 0 && !hasCas(store, item, splitCas(flags.cas))
}

/**
 * `I` and `x`: the item stays, as stale or without its value, with a new cas unique.
 * After `I` the next reader is told to recache it.
 */
function mark(context: NodeContext, request: MetaRequest): DeleteOutcome | 'OUT_OF_MEMORY' {
  const {store, counters, clock, toPeer} = context
  const {key, flags} = request
  const {columns} = store
  const old = store.find(key.keyBuffer, key.keyStart, key.keyEnd, key.hash)
  const newCas = flags.newCas === null ? null : splitCas(flags.newCas)
  if (old === 0 || lacksCas(context, request) || !mayGiveCas(store, old, newCas)) {
    counters.deleteMisses++
    return old === 0 ? 'NOT_FOUND' : 'EXISTS'
  }
  const classId = columns.classIdOf(old)
  const item = flags.dropsValue ? emptied(context, request, {old, newCas}) : old
  if (item <= 0) return 'OUT_OF_MEMORY'
  if (!flags.dropsValue) store.giveCas(item, newCas)
  if (flags.invalidates) {
    if (flags.exptime !== null) columns.exptime[item] = clock.expiryOf(flags.exptime)
    columns.state[item] = (columns.state[item]! | STALE) & ~TOKEN_SENT
  } else {
    counters.slabs.deleteHits[classId]!++
  }
  toPeer.stored(key.keyBuffer, key.keyStart, key.keyEnd)
  return 'DELETED'
}

/** Replaces an item by one without a value; flags and exptime come from the request, as in a storage command. */
function emptied(
  {store, clock}: NodeContext,
  {key, flags}: MetaRequest,
  {old, newCas}: {old: number; newCas: CasUnique | null},
): number {
  const exptime = flags.exptime === null ? 0 : clock.expiryOf(flags.exptime)
  const item = store.allocate({...key, flags: flags.clientFlags, exptime, valueBytes: 0})
  if (item <= 0) return item
  if (flags.decodedKeyBytes > 0) store.columns.state[item]! |= KEY_BASE64
  // Making room may have evicted the old item.
  return replaceWith(store, store.isLinked(old) ? old : 0, item, newCas)
}

/** `ma <key> <flag>*` */
export function runMetaArithmetic(context: NodeContext, request: MetaRequest, replies: TextReplies): void {
  const refusal = request.read(metaForms.ma)
  const verb = refusal === null ? verbOfMode[request.flags.mode] : undefined
  if (refusal !== null || verb === undefined) {
    replies.line(refusal ?? 'CLIENT_ERROR invalid mode for ma M token')
    return
  }
  if (request.longOpaque !== null) {
    replies.line(request.longOpaque)
    return
  }
  const {key, flags} = request
  const {delta, initial, createExptime, cas, newCas} = flags
  const create = createExptime === null ? null : {initial, exptime: createExptime}
  const outcome = countItem(context, key, {
    verb,
    delta,
    expected: cas === null ? ANY_CAS : splitCas(cas),
    create,
    newCas: newCas === null ? null : splitCas(newCas),
  })
  switch (outcome.type) {
    case 'counted': {
      const {item, created} = outcome
      const text = outcome.value.toString()
      const returned = applyCountFlags(context, request, item, created)
      const status = flags.withValue ? `VA ${text.length}${returned}\r\n${text}` : `HD${returned}`
      replies.line(status, flags.quiet)
      return
    }
    case 'notFound':
      replies.line(`NF${request.echo()}`)
      return
    case 'exists':
      replies.line(`EX${request.echo()}`)
      return
    case 'notNumeric':
      replies.line('CLIENT_ERROR cannot increment or decrement non-numeric value')
      return
    case 'outOfMemory':
      replies.line(create === null ? 'SERVER_ERROR out of memory' : 'SERVER_ERROR Out of memory allocating new item')
      return
    default:
      assertNever(outcome)
  }
}

/** Applies the flags in their order: a returned exptime depends on the flags before it. */
function applyCountFlags(context: NodeContext, request: MetaRequest, item: number, created: boolean): string {
  const {store, clock, toPeer, settings} = context
  const {line, flags, key} = request
  const {columns} = store
  let exptime = created ? 0 : columns.exptime[item]!
  let returned = ''
  if (created && flags.decodedKeyBytes > 0) columns.state[item]! |= KEY_BASE64
  for (let word = request.firstFlag; word < line.count; word++) {
    const flag = flagAt(line, word)
    if (flag === 'T') exptime = clock.expiryOf(flags.exptime!)
    else if (flag === 'N' && created) exptime = clock.expiryOf(flags.createExptime!)
    else if (flag === 't') returned += ` t${remaining(exptime, clock.nowSeconds)}`
    else if (flag === 'c') returned += ` c${settings.useCas ? casText(store, item) : 0}`
    else if (flag === 'O') returned += ` ${line.text(word)}`
    else if (flag === 'k') returned += request.keyText(flags.decodedKeyBytes > 0)
  }
  if (exptime !== columns.exptime[item]) {
    columns.exptime[item] = exptime
    toPeer.stored(key.keyBuffer, key.keyStart, key.keyEnd)
  }
  return returned
}

/** `me <key> [b]`: facts of an item, for debugging. */
export function runMetaDebug({store, clock, settings}: NodeContext, request: MetaRequest, replies: TextReplies): void {
  if (!request.readKeyOnly()) {
    replies.line(BAD_FORMAT)
    return
  }
  const {key} = request
  const item = store.find(key.keyBuffer, key.keyStart, key.keyEnd, key.hash)
  if (item === 0) {
    replies.line('EN')
    return
  }
  const {columns} = store
  const base64 = (columns.state[item]! & KEY_BASE64) !== 0
  const shownKey = key.keyBuffer.toString(base64 ? 'base64' : 'latin1', key.keyStart, key.keyEnd)
  const exptime = columns.exptime[item]!
  const facts = [
    `exp=${exptime === 0 ? -1 : exptime - clock.nowSeconds}`,
    `la=${clock.nowSeconds - columns.usedAt[item]!}`,
    `cas=${settings.useCas ? casText(store, item) : 0}`,
    `fetch=${(columns.state[item]! & FETCHED) === 0 ? 'no' : 'yes'}`,
    `cls=${columns.classIdOf(item)}`,
    `size=${store.chargedBytesOf(item)}`,
  ]
  replies.line(`ME ${shownKey} ${facts.join(' ')}`)
}
