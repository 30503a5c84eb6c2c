import {type ExplanationRow, row} from './explanation.js'

/** Lines of `stats` that tell how a node and its pair are. */
export const statsTable: readonly ExplanationRow[] = [
  row(
    /^STAT replication MASTER$/,
    'repcached, always: the word does not tell whether a slave is linked.',
    'Screen 1 says whether the pair replicates.',
  ),
  row(/^STAT repcached_version .*$/, 'The node is a repcached of that version.'),
  row(
    /^STAT repcached_qi_free \d+$/,
    'The fewest free places that the queue of writes for the peer had since the start (a low-water mark, not what waits now). When it runs over, the link is dropped, and both nodes go on alone.',
    'Near 0: a larger -q, or less load; and look on screen 1 whether the pair still replicates.',
  ),
  row(/^STAT evictions \d+$/, 'Items thrown out for want of memory. The peer throws out others: they differ then.'),
  row(/^STAT curr_items \d+$/, 'Items in memory, with expired ones that were not asked for since.'),
  row(/^STAT curr_connections \d+$/, 'Open client connections. The C program counts the link to its peer, too.'),
  row(
    /^STAT listen_disabled_num [1-9]\d*$/,
    'So often the node stopped accepting clients because -c was reached.',
    'Give the node a higher -c, or find who leaves connections open.',
  ),
  row(/^STAT (get_misses|get_hits|cmd_get|cmd_set|cmd_flush) \d+$/, 'A counter since the start or since stats reset.'),
  row(/^STAT limit_maxbytes \d+$/, 'The memory for items (-m), in bytes.'),
  row(/^STAT (items:)?\d+:\S+ .*$/, 'A figure of one slab class. s on screen 1 shows them as a table.'),
  row(/^STAT \S+ .*$/, 'A statistic: its name and its value.'),
]
