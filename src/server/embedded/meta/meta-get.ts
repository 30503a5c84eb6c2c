import {flagAt} from '../../../protocol/text/meta-flags.js'
import type {NodeContext} from '../node/node-context.js'
import type {TextReplies} from '../replies/text-replies.js'
import {casText} from '../store/item-text.js'
import {FETCHED, KEY_BASE64, STALE, TOKEN_SENT} from '../store/memory/item-columns.js'
import {hasCas, replaceWith, splitCas} from '../store/store-item.js'
import {type MetaRequest, metaForms} from './meta-request.js'

/** `mg <key> <flag>*` */
export function runMetaGet(context: NodeContext, request: MetaRequest, replies: TextReplies): void {
  const refusal = request.read(metaForms.mg) ?? request.longOpaque
  if (refusal !== null) {
    replies.line(refusal)
    return
  }
  const {store, settings} = context
  const {key, flags} = request
  const found = store.find(key.keyBuffer, key.keyStart, key.keyEnd, key.hash)
  const item = found === 0 && flags.createExptime !== null ? createItem(context, request) : found
  countGet(context, request, found)
  if (item === 0) {
    replies.line(`EN${request.echo()}`, flags.quiet)
    return
  }
  // A client that names the item's cas unique has its value already.
  const isKnown = settings.useCas && flags.cas !== null && hasCas(store, item, splitCas(flags.cas))
  const withValue = flags.withValue && !isKnown
  const returned = applyFlags(context, request, item, found === 0)
  const valueBytes = store.columns.valueBytes[item]!
  replies.line(withValue ? `VA ${valueBytes}${returned}` : `HD${returned}`)
  if (withValue) {
    const start = store.valueOffsetOf(item)
    replies.writer.bytes(store.bytesOf(item), start, start + valueBytes + 2)
  }
  if (!flags.leavesNoTrace) store.used(item)
}

/** Makes the empty item that `N` asks for under an absent key; 0 when there is no room. */
function createItem({store}: NodeContext, {key, flags}: MetaRequest): number {
  const item = store.allocate({...key, flags: 0, exptime: 0, valueBytes: 0})
  if (item <= 0) return 0
  if (flags.decodedKeyBytes > 0) store.columns.state[item]! |= KEY_BASE64
  return replaceWith(store, 0, item, flags.newCas === null ? null : splitCas(flags.newCas))
}

/** With `T` a hit counts as a touch, as in memcached. */
function countGet({store, counters, prefixes}: NodeContext, {key, flags}: MetaRequest, found: number): void {
  if (prefixes.enabled) prefixes.countGet(key.keyBuffer, key.keyStart, key.keyEnd, found !== 0)
  const classId = store.columns.classIdOf(found)
  if (found !== 0 && flags.exptime !== null) {
    counters.cmdTouch++
    counters.slabs.touchHits[classId]!++
    return
  }
  counters.cmdGet++
  if (found === 0) counters.getMisses++
  else counters.slabs.getHits[classId]!++
}

/** Applies the flags in their order; returns the text of the returned flags. */
function applyFlags(context: NodeContext, request: MetaRequest, item: number, created: boolean): string {
  const {store, clock, toPeer} = context
  const {columns} = store
  const {line, flags, key} = request
  let exptime = columns.exptime[item]!
  let won = false
  let returned = ''
  for (let word = request.firstFlag; word < line.count; word++) {
    switch (flagAt(line, word)) {
      case 'T':
        exptime = clock.expiryOf(flags.exptime!)
        break
      case 'N':
        if (created) exptime = clock.expiryOf(flags.createExptime!)
        won ||= created
        break
      case 'R':
        won ||=
          !created && exptime !== 0 && exptime < clock.expiryOf(flags.recacheBelow!) && !isTokenSent(context, item)
        break
      default:
        returned += returnedFlag(context, request, {word, item, exptime})
    }
  }
  columns.exptime[item] = exptime
  if (created || flags.exptime !== null) toPeer.stored(key.keyBuffer, key.keyStart, key.keyEnd)
  return returned + stateFlags(context, item, won)
}

function returnedFlag(
  {store, clock, settings}: NodeContext,
  request: MetaRequest,
  {word, item, exptime}: {word: number; item: number; exptime: number},
): string {
  const {columns} = store
  switch (flagAt(request.line, word)) {
    case 's':
      return ` s${columns.valueBytes[item]}`
    case 't':
      return ` t${remaining(exptime, clock.nowSeconds)}`
    case 'c':
      return ` c${settings.useCas ? casText(store, item) : 0}`
    case 'f':
      return ` f${columns.flags[item]}`
    case 'l':
      return ` l${clock.nowSeconds - columns.usedAt[item]!}`
    case 'h':
      return (columns.state[item]! & FETCHED) === 0 ? ' h0' : ' h1'
    case 'O':
      return ` ${request.line.text(word)}`
    case 'k':
      return request.keyText((columns.state[item]! & KEY_BASE64) !== 0)
    default:
      return ''
  }
}

/** Seconds left until an exptime; -1 = never expires. */
export function remaining(exptime: number, nowSeconds: number): number {
  return exptime === 0 ? -1 : Math.max(0, exptime - nowSeconds)
}

/**
 * Z: another client was told to recache the item. X: the item is stale. W: this
 * client is told to recache it; only one client is.
 */
function stateFlags({store}: NodeContext, item: number, won: boolean): string {
  const {state} = store.columns
  const sent = (state[item]! & TOKEN_SENT) !== 0
  const stale = (state[item]! & STALE) !== 0
  const wins = won || (stale && !sent)
  if (wins) state[item]! |= TOKEN_SENT
  return `${sent ? ' Z' : ''}${stale ? ' X' : ''}${wins ? ' W' : ''}`
}

function isTokenSent({store}: NodeContext, item: number): boolean {
  return (store.columns.state[item]! & TOKEN_SENT) !== 0
}
