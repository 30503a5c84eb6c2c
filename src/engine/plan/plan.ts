import {z} from 'zod'
import {KEY_MAX_BYTES} from '../../protocol/limits.js'
import {KEY_COUNTER_DIGITS} from '../data/key-text.js'
import {methodNames} from '../data/methods.js'
import {SIZE_MAX_BYTES, type SizeDistribution} from '../data/sizes.js'
import {PlanError} from '../errors.js'
import {brokenVerifyRule} from './verify-rules.js'

const RATE_MAX = 10_000_000
const DURATION_MAX_SECONDS = 7 * 86_400
const EXPONENT_MAX = 10

const sizeBytes = z.int().min(1).max(SIZE_MAX_BYTES)

const sizesSchema = z.discriminatedUnion('kind', [
  z.strictObject({kind: z.literal('fixed'), bytes: sizeBytes}),
  z.strictObject({kind: z.literal('exponential'), meanBytes: sizeBytes}),
  z.strictObject({kind: z.literal('uniform'), minBytes: sizeBytes, maxBytes: sizeBytes}),
  z.strictObject({
    kind: z.literal('weighted'),
    choices: z
      .array(z.strictObject({bytes: sizeBytes, weight: z.int().min(1).max(1_000_000)}))
      .min(1)
      .max(64),
  }),
  z.strictObject({
    kind: z.literal('zipf'),
    minBytes: sizeBytes,
    maxBytes: sizeBytes,
    exponent: z.number().positive().max(EXPONENT_MAX),
  }),
])

/** Which of `keyCount` keys a call asks for; all kinds but sequential are drawn and need a key count. */
const keyDistributionSchema = z.discriminatedUnion('kind', [
  z.strictObject({kind: z.literal('sequential')}),
  z.strictObject({kind: z.literal('uniform')}),
  /** Key 1 is the hottest. */
  z.strictObject({kind: z.literal('zipf'), exponent: z.number().positive().max(EXPONENT_MAX)}),
  /** Around the middle key; standard deviation as a share of the key count. */
  z.strictObject({kind: z.literal('gaussian'), deviation: z.number().positive().max(1)}),
])

const ratePhaseSchema = z.strictObject({
  fromPerSecond: z.number().min(0).max(RATE_MAX),
  toPerSecond: z.number().min(0).max(RATE_MAX),
  seconds: z.number().positive().max(DURATION_MAX_SECONDS),
})

export const arrivalNames = ['deterministic', 'uniform', 'exponential'] as const

const shape = z.strictObject({
  name: z.string().min(1),
  mix: z
    .array(z.strictObject({method: z.enum(methodNames), weight: z.int().min(1).max(1_000_000)}))
    .min(1)
    .max(64),
  connections: z.int().min(1).max(10_000),
  /** 0: all connections are opened before the load starts. */
  connectionsPerSecond: z.number().min(0).max(1_000_000),
  callsPerConnection: z.int().min(1).max(1_000_000_000).nullable(),
  durationSeconds: z.number().positive().max(DURATION_MAX_SECONDS).nullable(),
  /** Length of the warm-up, which is counted apart. */
  warmupSeconds: z.number().min(0).max(DURATION_MAX_SECONDS).default(0),
  /** Stores every key once before the load. */
  prefill: z.boolean().default(false),
  /** All connections together; 0: closed loop, each call starts when the one before it is complete. */
  ratePerSecond: z.number().min(0).max(RATE_MAX),
  /** Ramps and steps, one after the other, instead of one rate; their mean is ratePerSecond, their sum durationSeconds. */
  ratePhases: z.array(ratePhaseSchema).min(1).max(1000).nullable().default(null),
  /** Distribution of the times between a connection's calls in an open loop. */
  arrival: z.enum(arrivalNames).default('deterministic'),
  /** Calls in flight on each connection of a closed loop. */
  pipeline: z.int().min(1).max(10_000).default(1),
  sizes: sizesSchema,
  keyPrefix: z
    .string()
    .regex(/^[\x21-\x7e]*$/, 'Expected printable ASCII without blanks')
    .max(KEY_MAX_BYTES - KEY_COUNTER_DIGITS),
  /** Number of keys; null: every call has its own key. */
  keyCount: z
    .int()
    .min(1)
    .max(2 ** 32)
    .nullable(),
  keyDistribution: keyDistributionSchema.default({kind: 'sequential'}),
  /** Share of reads for one of the keys; the other reads are for keys that are never written. Null: all. */
  hitRatio: z.number().min(0).max(1).nullable().default(null),
  /** Keys of one get or gets. */
  multigetKeys: z.int().min(1).max(1000).default(1),
  /** Exptime of stored values; 0 = they never expire. */
  ttlSeconds: z
    .int()
    .min(0)
    .max(30 * 86_400)
    .default(0),
  noreply: z.boolean().default(false),
  valueBytes: z.enum(['zeros', 'random']),
  timeoutMs: z.number().min(1).max(3_600_000),
  /** Failed connections are reopened, with backoff; else their remaining calls are dropped. */
  reconnect: z.boolean().default(false),
  /** Failed connections go to the other node, and back when the first answers again. */
  failover: z.boolean().default(false),
  /** Time limit for opening a connection; null = as for a call. */
  connectTimeoutMs: z.number().min(1).max(3_600_000).nullable().default(null),
  /** Extra attempts at the same node before failing over. */
  retries: z.int().min(0).max(1000).default(0),
  /** Delay between attempts at the same node; null = 10 ms at first, doubled up to 500 ms. */
  retryDelayMs: z.number().min(0).max(3_600_000).nullable().default(null),
  /** Delay before the first attempt after an open connection failed; null = as the others. */
  firstRetryDelayMs: z.number().min(0).max(3_600_000).nullable().default(null),
  /** Delay before the first attempt at the other node. */
  failoverDelayMs: z.number().min(0).max(3_600_000).default(10),
  /** A connection is closed after this many time-outs in a row; before that only the calls are given up. */
  timeoutsToGiveUp: z.int().min(1).max(1_000_000).default(1),
  /** When a failed node is probed: after `firstMs`, then after `factor` × as long each time, at most `maxMs`. */
  homeAsked: z
    .strictObject({
      firstMs: z.number().min(1).max(3_600_000),
      maxMs: z.number().min(1).max(3_600_000),
      factor: z.number().min(1).max(10),
    })
    .default({firstMs: 500, maxMs: 500, factor: 1}),
  /** Servers that keys are hashed over: connection c and its keys begin at server c mod keyServers. */
  keyServers: z.int().min(1).max(64).default(1),
  /** Name of the client policy that the fields above come from; null = set one by one. */
  clientPolicy: z.string().nullable().default(null),
  /** How long the first node must answer again before its connections go back to it; null = never. */
  switchBackMs: z
    .number()
    .min(0)
    .max(DURATION_MAX_SECONDS * 1000)
    .nullable()
    .default(0),
  /** Values are self-describing and every read is checked; each key is written by one connection. */
  verify: z.boolean().default(false),
  threads: z.int().min(1).max(256),
  seed: z.int().min(0),
})

export const planSchema = shape
  .refine(plan => plan.ratePerSecond === 0 || plan.pipeline === 1, {
    error: 'Expected no pipeline with a rate: an open loop sends on schedule, however many calls are in flight',
    path: ['pipeline'],
  })
  .refine(plan => plan.ratePhases === null || (plan.ratePerSecond > 0 && plan.durationSeconds !== null), {
    error: 'Expected a rate and a duration with rate phases',
    path: ['ratePhases'],
  })
  .refine(plan => plan.ratePhases === null || plan.connectionsPerSecond === 0, {
    error: 'Expected no connection rate with rate phases: the phases begin for all connections at once',
    path: ['ratePhases'],
  })
  .refine(plan => plan.hitRatio === null || (plan.keyCount ?? 0) <= 2 ** 31, {
    error: 'Expected at most 2147483648 keys with a hit ratio: as many others are needed for the misses',
    path: ['keyCount'],
  })
  .refine(plan => plan.keyCount !== null || (plan.keyDistribution.kind === 'sequential' && !needsKeyCount(plan)), {
    error: 'Expected a number of keys with a key distribution, hit ratio, prefill or verify',
    path: ['keyCount'],
  })
  .refine(plan => (plan.callsPerConnection === null) !== (plan.durationSeconds === null), {
    error: 'Expected either a number of calls or a duration',
    path: ['callsPerConnection'],
  })
  .refine(plan => plan.threads <= plan.connections, {
    error: 'Expected no more threads than connections',
    path: ['threads'],
  })
  .refine(plan => new Set(plan.mix.map(({method}) => method)).size === plan.mix.length, {
    error: 'Expected each method once',
    path: ['mix'],
  })
  .superRefine((plan, context) => {
    const rule = plan.verify ? brokenVerifyRule(plan) : undefined
    if (rule !== undefined) context.addIssue({code: 'custom', message: rule.error, path: [rule.path]})
  })

/** A load plan with every field set. */
export type LoadPlan = Readonly<z.infer<typeof planSchema>>

/** A plan that is not checked yet. */
export type PlanDraft = Omit<LoadPlan, 'sizes' | 'ratePhases'> & {
  readonly sizes: SizeDistribution
  readonly ratePhases: readonly RatePhase[] | null
}

export type KeyDistribution = LoadPlan['keyDistribution']
export type Arrival = LoadPlan['arrival']
export type RatePhase = NonNullable<LoadPlan['ratePhases']>[number]

/** Calls are sent on schedule, however many are in flight; in a closed loop each waits for the one before it. */
export function isOpenLoop(plan: LoadPlan): boolean {
  return plan.ratePerSecond > 0
}

function needsKeyCount(plan: {hitRatio: number | null; prefill: boolean; verify: boolean}): boolean {
  return plan.hitRatio !== null || plan.prefill || plan.verify
}

/** The plan with defaults filled in. @throws PlanError that names the first wrong field, what was expected and what it got */
export function checkPlan(candidate: unknown): LoadPlan {
  const parsed = planSchema.safeParse(candidate)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]!
  const got = issue.path.reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown> | null)?.[key], candidate)
  throw new PlanError(`Bad load plan: ${issue.path.join('.')}: ${issue.message}, got ${JSON.stringify(got)}`, {
    cause: parsed.error,
  })
}

/** Seconds from the start of the load to its last intended call; null in a closed loop of calls. */
export function plannedSeconds(plan: LoadPlan): number | null {
  if (plan.durationSeconds !== null) return plan.durationSeconds
  if (plan.ratePerSecond === 0 || plan.callsPerConnection === null) return null
  const ramp = plan.connectionsPerSecond === 0 ? 0 : (plan.connections - 1) / plan.connectionsPerSecond
  return ramp + (plan.callsPerConnection * plan.connections) / plan.ratePerSecond
}
