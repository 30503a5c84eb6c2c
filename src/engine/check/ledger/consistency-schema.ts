import {z} from 'zod'
import {findingKinds} from './ledger-verdict.js'

const count = z.int().min(0)

/** Result of a check of the nodes, as it is kept with a run. */
export const consistencySchema = z.strictObject({
  nodes: z.array(z.string()).readonly(),
  keys: count,
  intact: count,
  expired: count,
  evicted: count,
  undecided: count,
  findings: z.record(z.enum(findingKinds), count),
  lostWrites: count,
  lostAcks: z.strictObject({firstMs: z.number(), lastMs: z.number(), isComplete: z.boolean()}).nullable(),
  worstStaleVersions: count,
  removals: z
    .array(
      z.strictObject({
        name: z.string(),
        evictions: z.number(),
        reclaimed: z.number(),
        expiredUnfetched: z.number(),
        isCertain: z.boolean(),
      }),
    )
    .readonly(),
  exptimesCompared: count.nullable(),
  examples: z
    .array(
      z.strictObject({
        key: z.string(),
        kind: z.enum([...findingKinds, 'evicted', 'undecided']),
        text: z.string(),
      }),
    )
    .readonly(),
  seconds: z.number(),
  crossed: z.boolean().nullable(),
})
