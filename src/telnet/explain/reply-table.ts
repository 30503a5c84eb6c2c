import {type ExplanationRow, row} from './explanation.js'

/** What commands that went well are answered, and what retrievals and statistics are made of. */
export const replyTable: readonly ExplanationRow[] = [
  row(
    /^STORED$/,
    'The item is in the memory of this node. It does not say that the peer has it: repcached answers before it replicates.',
    'To be sure, read it on the other node, or press ^V.',
  ),
  row(
    /^NOT_STORED$/,
    'The condition of the command did not hold: add found the key there; replace, append or prepend did not find it.',
    'Use set to store it in any case.',
  ),
  row(
    /^EXISTS$/,
    'cas: somebody has changed the item since you read its unique number with gets, so nothing was stored.',
    'Read it again with gets, and try with the new number. A restarted or failed-over node has other numbers.',
  ),
  row(
    /^NOT_FOUND$/,
    'The key is not here: never stored, expired, evicted, deleted or flushed.',
    'On a slave it may also not have arrived: compare both nodes with ^V.',
  ),
  row(/^DELETED$/, 'The item was there, and is gone from this node; a deletion is replicated like a write.'),
  row(/^TOUCHED$/, 'The item was there, and has the new expiry time.'),
  row(/^OK$/, 'Done (flush_all, verbosity, slabs, stats detail). flush_all is replicated to the peer.'),
  row(
    /^END$/,
    'The end of the values or statistics. A get that is answered with END alone is a miss: the key is not here.',
  ),
  row(
    /^VALUE \S+ \d+ \d+( \d+)?$/,
    'An item: its key, its flags (a number that clients use for the type), its length in bytes and, after gets, its unique number for cas. The next line is its value.',
  ),
  row(/^\d+ *$/, 'The number after incr or decr. decr stops at 0; incr wraps round at 2^64.'),
  row(/^VERSION .+$/, 'The version of memcached that the node is, or says it is compatible with.'),
  row(/^RESET$/, 'stats reset: the counters begin again at 0.'),
  row(/^BUSY\b.*$/, 'The crawler or the slab mover is at work already.', 'Try again in a moment.'),
  row(/^BADCLASS\b.*$/, 'There is no such slab class.', 'stats slabs lists the classes that there are.'),
  row(/^(UNSAFE|NOTFULL|NOSPARE|SAME)\b.*$/, 'slabs reassign: the page cannot be moved between these classes now.'),
  row(/^ITEM \S+ \[\d+ b; \d+ s]$/, 'stats cachedump: a key, its length, and when it expires (seconds since 1970).'),
  row(/^PREFIX \S+ .*$/, 'stats detail dump: what was asked of the keys with this prefix.'),
  row(/^key=\S+ .*$/, 'metadump: one item with its expiry (-1: never), last access, unique number, class and size.'),
]

/** What meta commands (mg, ms, md, ma, mn, me) are answered. */
export const metaReplyTable: readonly ExplanationRow[] = [
  row(/^HD\b.*$/, 'Meta command done. The flags that were asked for follow.'),
  row(/^VA \d+.*$/, 'Meta get: a hit. The length of the value, then the flags asked for; the next line is the value.'),
  row(/^EN\b.*$/, 'Meta get: a miss.'),
  row(/^NF\b.*$/, 'Meta command: the key is not here (not found).'),
  row(/^NS\b.*$/, 'Meta command: not stored, for the condition of its mode did not hold.'),
  row(
    /^EX\b.*$/,
    'Meta command: the item has another unique number than the C flag named, or (a resilient node) none below that of E.',
    'Read it again with mg KEY c.',
  ),
  row(/^MN$/, 'Meta no-op: everything before it has been answered.'),
  row(/^ME \S+ .*$/, 'Meta debug: what the node knows of the item.'),
]
