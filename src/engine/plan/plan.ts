import {z} from 'zod'
import {KEY_MAX_BYTES} from '../../protocol/limits.js'
import {KEY_COUNTER_DIGITS} from '../data/key-text.js'
import {methodNames} from '../data/methods.js'
import {SIZE_MAX_BYTES} from '../data/sizes.js'
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

/** Which key a call asks for, of `keyCount` keys; all but sequential draw, so they need a key count. */
const keyDistributionSchema = z.discriminatedUnion('kind', [
  z.strictObject({kind: z.literal('sequential')}),
  z.strictObject({kind: z.literal('uniform')}),
  /** Key 1 is the hottest. */
  z.strictObject({kind: z.literal('zipf'), exponent: z.number().positive().max(EXPONENT_MAX)}),
  /** Around the middle key; the deviation as a share of the key count. */
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
  /** 0: all are opened before the load starts. */
  connectionsPerSecond: z.number().min(0).max(1_000_000),
  callsPerConnection: z.int().min(1).max(1_000_000_000).nullable(),
  durationSeconds: z.number().positive().max(DURATION_MAX_SECONDS).nullable(),
  /** Measured apart, before the load itself. */
  warmupSeconds: z.number().min(0).max(DURATION_MAX_SECONDS).default(0),
  /** Stores every key once before the load. */
  prefill: z.boolean().default(false),
  /** All connections together; 0: closed loop, each call starts when the one before it is complete. */
  ratePerSecond: z.number().min(0).max(RATE_MAX),
  /** Ramps and steps, one after the other, instead of one rate; their mean is ratePerSecond, their sum durationSeconds. */
  ratePhases: z.array(ratePhaseSchema).min(1).max(1000).nullable().default(null),
  /** Of an open loop: the spacing of each connection's calls around its mean. */
  arrival: z.enum(arrivalNames).default('deterministic'),
  /** Calls under way on each connection of a closed loop. */
  pipeline: z.int().min(1).max(10_000).default(1),
  sizes: sizesSchema,
  keyPrefix: z
    .string()
    .regex(/^[\x21-\x7e]*$/, 'Expected printable ASCII without blanks')
    .max(KEY_MAX_BYTES - KEY_COUNTER_DIGITS),
  /** Null: every call has a key of its own. */
  keyCount: z
    .int()
    .min(1)
    .max(2 ** 32)
    .nullable(),
  keyDistribution: keyDistributionSchema.default({kind: 'sequential'}),
  /** Share of reads that ask for one of the keys; the others ask for keys that nobody writes. Null: all. */
  hitRatio: z.number().min(0).max(1).nullable().default(null),
  /** Keys of one get or gets. */
  multigetKeys: z.int().min(1).max(1000).default(1),
  /** Exptime of what is stored; 0 = never. */
  ttlSeconds: z
    .int()
    .min(0)
    .max(30 * 86_400)
    .default(0),
  noreply: z.boolean().default(false),
  valueBytes: z.enum(['zeros', 'random']),
  timeoutMs: z.number().min(1).max(3_600_000),
  /** A connection that fails is opened again, with backoff; else its calls are given up. */
  reconnect: z.boolean().default(false),
  /** A connection that fails goes to the other node, and back when the first answers again. */
  failover: z.boolean().default(false),
  /** Of opening a connection; null = that of a call. */
  connectTimeoutMs: z.number().min(1).max(3_600_000).nullable().default(null),
  /** Further attempts at the same node before a connection goes to the other one. */
  retries: z.int().min(0).max(1000).default(0),
  /** Between attempts at the same node; null = 10 ms at first, then longer and longer, up to 500 ms. */
  retryDelayMs: z.number().min(0).max(3_600_000).nullable().default(null),
  /** Before the first of them after an open connection failed; null = as the others. */
  firstRetryDelayMs: z.number().min(0).max(3_600_000).nullable().default(null),
  /** Before the other node is asked for the first time. */
  failoverDelayMs: z.number().min(0).max(3_600_000).default(10),
  /** A connection is given up when so many calls in a row have timed out; until then these are given up alone. */
  timeoutsToGiveUp: z.int().min(1).max(1_000_000).default(1),
  /** When a node that was given up is asked whether it answers again: after so long, then after factor × as long each time. */
  homeAsked: z
    .strictObject({
      firstMs: z.number().min(1).max(3_600_000),
      maxMs: z.number().min(1).max(3_600_000),
      factor: z.number().min(1).max(10),
    })
    .default({firstMs: 500, maxMs: 500, factor: 1}),
  /** Servers that keys are shared among, as by a client that hashes them: connection c and its keys begin at server c mod so many. */
  keyServers: z.int().min(1).max(64).default(1),
  /** Whose policy all that is; null = settled one by one. */
  clientPolicy: z.string().nullable().default(null),
  /** For how long the first node has to answer again before its connections go back to it; null = they never do. */
  switchBackMs: z
    .number()
    .min(0)
    .max(DURATION_MAX_SECONDS * 1000)
    .nullable()
    .default(0),
  /** Values say what they are, and every read is checked; each key is written by one connection. */
  verify: z.boolean().default(false),
  threads: z.int().min(1).max(256),
  seed: z.int().min(0),
})

export const planSchema = shape
  .refine(plan => plan.ratePerSecond === 0 || plan.pipeline === 1, {
    error: 'Expected no pipeline with a rate: an open loop sends whatever is under way',
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

/** A load, resolved: nothing is left to default. */
export type LoadPlan = Readonly<z.infer<typeof planSchema>>

export type KeyDistribution = LoadPlan['keyDistribution']
export type Arrival = LoadPlan['arrival']
export type RatePhase = NonNullable<LoadPlan['ratePhases']>[number]

/** Calls are due by a schedule, whatever is under way; else each waits for the one before it. */
export function isOpenLoop(plan: LoadPlan): boolean {
  return plan.ratePerSecond > 0
}

function needsKeyCount(plan: {hitRatio: number | null; prefill: boolean; verify: boolean}): boolean {
  return plan.hitRatio !== null || plan.prefill || plan.verify
}

/** @throws PlanError that names the first field at fault, what was expected and what came */
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
