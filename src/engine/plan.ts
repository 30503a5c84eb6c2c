import {z} from 'zod'
import {KEY_MAX_BYTES} from '../protocol/limits.js'
import {PlanError} from './errors.js'
import {methodNames} from './methods.js'
import {SIZE_MAX_BYTES} from './sizes.js'

/** mcperf's counter at the end of every key. */
export const KEY_COUNTER_DIGITS = 8

const sizeBytes = z.int().min(1).max(SIZE_MAX_BYTES)

const sizesSchema = z.discriminatedUnion('kind', [
  z.strictObject({kind: z.literal('fixed'), bytes: sizeBytes}),
  z.strictObject({kind: z.literal('exponential'), meanBytes: sizeBytes}),
  z.strictObject({kind: z.literal('uniform'), minBytes: sizeBytes, maxBytes: sizeBytes}),
])

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
  durationSeconds: z
    .number()
    .positive()
    .max(7 * 86_400)
    .nullable(),
  /** All connections together; 0: closed loop, each call starts when the one before it is complete. */
  ratePerSecond: z.number().min(0).max(10_000_000),
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
  valueBytes: z.enum(['zeros', 'random']),
  timeoutMs: z.number().min(1).max(3_600_000),
  threads: z.int().min(1).max(256),
  seed: z.int().min(0),
})

export const planSchema = shape
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

/** A load, resolved: nothing is left to default. */
export type LoadPlan = Readonly<z.infer<typeof planSchema>>

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
