import {z} from 'zod'
import {planSchema} from './plan.js'

/** Results are validated when they are read back; a field that was not measured is null, never 0. */

const count = z.int().min(0)
const measure = z.number().min(0).nullable()

const operationsSchema = z.strictObject({
  intended: count,
  sent: count,
  unsent: count,
  ok: count,
  hit: count,
  miss: count,
  errors: z.record(z.string(), count),
  timedOut: count,
  lostWithConnection: count,
})

const latencySchema = z.strictObject({
  count,
  min: measure,
  mean: measure,
  p50: measure,
  p90: measure,
  p95: measure,
  p99: measure,
  p999: measure,
  p9999: measure,
  max: measure,
  stddev: measure,
})

const timelineEntrySchema = z.strictObject({
  /** Seconds from the start of the load to the start of this entry. */
  t: z.number().min(0),
  /** Length of this entry; the last one may be short. */
  seconds: z.number().positive(),
  ops: count,
  errors: count,
  p50: measure,
  p99: measure,
  p999: measure,
  max: measure,
  lag: z.null(),
})

const eventSchema = z.strictObject({
  /** Seconds from the start of the load; below 0 before it. */
  t: z.number(),
  kind: z.string(),
  node: z.string(),
  text: z.string(),
})

/** What the engine itself knows of a run; the command line adds the rest of the document. */
export const runResultSchema = z.strictObject({
  seed: z.int(),
  startedAt: z.iso.datetime(),
  plan: planSchema,
  target: z.strictObject({host: z.string(), port: z.int()}),
  /** Ended by the operator before its time. */
  interrupted: z.boolean(),
  durationSeconds: z.number().min(0),
  plannedSeconds: z.number().min(0).nullable(),
  operations: operationsSchema,
  connections: z.strictObject({planned: count, opened: count, errors: z.record(z.string(), count)}),
  throughput: z.strictObject({
    opsPerSecond: z.number().min(0).nullable(),
    offeredPerSecond: z.number().min(0).nullable(),
    bytesOutPerSecond: z.number().min(0).nullable(),
    bytesInPerSecond: z.number().min(0).nullable(),
  }),
  latencyUs: z.strictObject({
    response: latencySchema,
    service: latencySchema,
    /** Response time of each method. */
    byMethod: z.record(z.string(), latencySchema),
    /** Response time, HdrHistogram V2, compressed, base64. */
    histogram: z.string(),
  }),
  timeline: z.array(timelineEntrySchema),
  events: z.array(eventSchema),
  generator: z.strictObject({
    threads: count,
    cpuSeconds: z.number().min(0),
    scheduleSlipUs: z.strictObject({p50: measure, p99: measure, max: measure}),
    eventLoopDelayUs: z.strictObject({p99: measure, max: measure}),
    saturated: z.boolean(),
  }),
  verdict: z.enum(['pass', 'fail', 'unknown']),
})

export type RunResult = Readonly<z.infer<typeof runResultSchema>>
export type RunEvent = Readonly<z.infer<typeof eventSchema>>
export type TimelineEntry = Readonly<z.infer<typeof timelineEntrySchema>>
