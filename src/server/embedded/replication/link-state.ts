/**
 *     start ── -x ──> dialling ──connected──> joining ──marugoto_end──> paired (slave)
 *        │               │ refused              │ lost                    │ lost
 *        └── no -x ──────┴──────────────────────┴───────> listening <─────┘
 *                                                             │ accepted
 *                                                             └──> paired (master)
 *
 * orphaned: the replication port could not be bound; never tried again. With
 * --resilient a node that listens also dials, and one that can't bind tries again;
 * it joins only when the peer has said something, and listens until then.
 */
export type LinkState = 'idle' | 'dialling' | 'joining' | 'listening' | 'paired' | 'orphaned' | 'closed'
