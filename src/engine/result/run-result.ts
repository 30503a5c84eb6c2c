import {z} from 'zod'
import {consistencySchema} from '../check/ledger/consistency-schema.js'
import {lagThreads} from '../lag/lag-event.js'
import {planSchema} from '../plan/plan.js'

/** Results are validated when they are read back; a field that was not measured is null, never 0. */

const count = z.int().min(0)
const measure = z.number().min(0).nullable()

const addressSchema = z.strictObject({host: z.string(), port: z.int()})

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
  unanswered: count.default(0),
})

/** Requests to nodes; see Requests. */
const requestsSchema = z.strictObject({
  connections: count,
  gets: count,
  sets: count,
  deletes: count,
  counters: count,
  touches: count,
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

const lagFigureSchema = z.enum(['mean', 'p50', 'p90', 'p95', 'p99', 'p999', 'p9999', 'max'])

/** Older documents count probes that were not seen within 2 s as `notCrossed`. */
const lagSchema = z.preprocess(
  value => {
    if (typeof value !== 'object' || value === null || !('notCrossed' in value)) return value
    const {notCrossed, ...rest} = value
    return {...rest, unseen: notCrossed}
  },
  latencySchema.extend({
    /** Probes, of `count`, that were never seen: each counts with its age. */
    unseen: count,
    /** Figures that are lower bounds because of unseen probes. */
    atLeast: z.array(lagFigureSchema).default([]),
    /** Probes that were not acknowledged: they have no lag. */
    notStored: count.default(0),
  }),
)

const probeCountsSchema = z.strictObject({connections: count.default(0), sets: count, gets: count, deletes: count})

/** Lag in documents of any version. */
export const lagUsSchema = z.strictObject({
  aToB: lagSchema,
  bToA: lagSchema,
  /** Requests of the probe to both nodes together, and to each; a get counts once for each key. */
  probe: probeCountsSchema.extend({a: probeCountsSchema, b: probeCountsSchema}).nullable().default(null),
  /** Threads that the probe ran on; missing in older documents. */
  measuredOn: z.array(z.enum(lagThreads)).optional(),
})

const verificationSchema = z.strictObject({
  /** Reads by their result: the last acknowledged version or a later one; an older one; none though one was acknowledged … */
  fresh: count,
  stale: count,
  missing: count,
  /** A well-formed value of another key or another run. */
  foreign: count,
  corrupt: count,
  /** A value from before the run, of a key that the run had not written yet: no fault. */
  leftover: count.default(0),
  /** Versions by which the worst stale read was behind. */
  worstStaleVersions: count,
  /** The first few reads that were not fresh. */
  examples: z.array(z.strictObject({key: z.string(), kind: z.string(), text: z.string()})),
  /** Time, in seconds from the start of the load, and server of faulty reads; the first hundred spells of each kind. */
  spells: z
    .array(z.strictObject({kind: z.string(), server: z.string(), from: z.number(), to: z.number(), reads: count}))
    .default([]),
})

/** Verdicts of server/node-api/link-verdict.ts. */
const linkVerdictSchema = z.enum(['paired', 'listening', 'orphaned', 'unpaired-but-serving', 'unknown'])

/** Whether the pair replicated during the load; times in seconds from the start of the load. */
const linkSchema = z.strictObject({
  /** After the load. */
  verdict: linkVerdictSchema,
  why: z.string(),
  /** Writes were seen to cross both ways; else the verdict relies on the nodes' statistics. */
  proven: z.boolean(),
  /** Time in which it did not replicate, and in which that is unknown. */
  unpairedSeconds: z.number().min(0),
  unknownSeconds: z.number().min(0),
  /** Parted nodes after the load, though the link is up: keys that differ, of those that were read on both. */
  parting: z
    .strictObject({
      text: z.string(),
      detail: z.string(),
      items: z.tuple([count.nullable(), count.nullable()]),
      looked: count,
      found: z.strictObject({onlyOnFirst: count, onlyOnSecond: count, different: count}),
      examples: z.array(z.string()),
      /** They were parted before the load: no fault of the run. */
      before: z.boolean(),
    })
    .nullable()
    .default(null),
  /** The first hundred of these times. */
  spells: z.array(z.strictObject({verdict: linkVerdictSchema, why: z.string(), from: z.number(), to: z.number()})),
})

/** A part of the load with one rate or ramp. Calls belong to the step in which they were due. */
const stepSchema = z.strictObject({
  /** Seconds from the start of the load to the start of the step. */
  t: z.number().min(0),
  seconds: z.number().min(0),
  plannedPerSecond: z.strictObject({from: z.number(), to: z.number(), mean: z.number()}),
  /** Calls answered without an error during the step, whenever they were due. */
  opsPerSecond: z.number().min(0),
  operations: z.strictObject({
    /** Operations by the planned rate. */
    planned: count,
    sent: count,
    ok: count,
    miss: count,
    errors: count,
    /** Timed out, lost, or still in flight. */
    withoutReply: count,
  }),
  /** Keys of all answered reads, and those of them that were found; null when nothing was read. */
  reads: z.strictObject({keys: count, found: count}).nullable(),
  latencyUs: z.strictObject({response: latencySchema, service: latencySchema}),
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
  /** Longest lag of either direction in µs, of writes that were seen, and the age of those that were not; null when not measured. */
  lag: measure,
})

const eventSchema = z.strictObject({
  /** Seconds from the start of the load; negative before it. */
  t: z.number(),
  kind: z.string(),
  node: z.string(),
  text: z.string(),
})

/** Result of a run, as the engine gives it; the command line adds the rest of the document. */
export const runResultSchema = z.strictObject({
  seed: z.int(),
  startedAt: z.iso.datetime(),
  plan: planSchema,
  target: addressSchema,
  /** All servers of the load; the first is `target`. */
  targets: z.array(addressSchema).default([]),
  /** Ended early by the operator. */
  interrupted: z.boolean(),
  durationSeconds: z.number().min(0),
  plannedSeconds: z.number().min(0).nullable(),
  /** When and why a load ended before its plan did; null when it ended as planned. */
  endedEarly: z
    .strictObject({seconds: z.number().min(0), why: z.enum(['interrupted', 'no connection was left'])})
    .nullable()
    .default(null),
  operations: operationsSchema,
  /** Keys of all reads and how many were found; null when nothing was read. */
  reads: z.strictObject({keys: count, found: count}).nullable().default(null),
  connections: z.strictObject({
    planned: count,
    opened: count,
    errors: z.record(z.string(), count),
    /** Times that a connection was reopened, failed over to the other node, and failed back. */
    reopened: count.default(0),
    failedOver: count.default(0),
    failedBack: count.default(0),
    /** Connection limit that the server reports; asked only if it turned connections away. */
    limit: count.nullable().default(null),
  }),
  /** Outages of each client; of very many, the first and the longest; seconds from the start of the load. */
  outages: z
    .array(
      z.strictObject({
        connection: count,
        /** Its last good reply before; null when it had none. */
        from: z.number().nullable(),
        failed: z.number(),
        /** How the connection failed; null: it did not fail, and a call waited from `failed` on. */
        failure: z.string().nullable().default(null),
        /** When the last attempt to connect began; null when there was none. */
        attempt: z.number().nullable().default(null),
        /** Its next good reply; null when none came. */
        to: z.number().nullable(),
      }),
    )
    .default([]),
  /** Phases before the measurement, in none of its figures. */
  warmup: z
    .strictObject({seconds: z.number().min(0), operations: operationsSchema, response: latencySchema})
    .nullable()
    .default(null),
  prefill: z
    .strictObject({seconds: z.number().min(0), operations: operationsSchema})
    .nullable()
    .default(null),
  /** From a write on one node until it is seen on the other, in µs; A is the master; null when not measured. */
  lagUs: lagUsSchema.nullable().default(null),
  /** Null when not watched. */
  link: linkSchema.nullable().default(null),
  /** Only for a plan with `verify`. */
  verification: verificationSchema.nullable().default(null),
  /** Check of the nodes after the load, key by key; null when not checked. */
  consistency: consistencySchema.nullable().default(null),
  /** Why the check could not be made. */
  checkProblem: z.string().nullable().default(null),
  /**
   * All requests of the run to its nodes, by the names of the nodes' own counters; null in older documents. Load, warm-up
   * and prefill count what was sent: nodes may count less if calls were lost or timed out.
   */
  total: z
    .strictObject({
      /** Of all parts below. */
      connections: count,
      load: requestsSchema,
      warmup: requestsSchema.nullable(),
      prefill: requestsSchema.nullable(),
      /** Lag probes; null when there were none. */
      probes: requestsSchema.nullable(),
      /** Checks of the server before the load, of evictions during it, of the nodes' contents after it. */
      checks: requestsSchema,
    })
    .nullable()
    .default(null),
  /** Over the planned time, or the time that the load took if that is longer, not planned, or cut short by the operator. */
  throughput: z.strictObject({
    /** Operations that succeeded, misses included; error replies are counted apart. */
    opsPerSecond: z.number().min(0).nullable(),
    /** Over the time that the load ran. */
    ranOpsPerSecond: z.number().min(0).nullable().default(null),
    errorsPerSecond: z.number().min(0).nullable().default(null),
    offeredPerSecond: z.number().min(0).nullable(),
    bytesOutPerSecond: z.number().min(0).nullable(),
    bytesInPerSecond: z.number().min(0).nullable(),
  }),
  latencyUs: z.strictObject({
    response: latencySchema,
    service: latencySchema,
    /** Response time of each method. */
    byMethod: z.record(z.string(), latencySchema),
    serviceByMethod: z.record(z.string(), latencySchema).default({}),
    /**
     * The same without the generator's own lateness in each call: how late it was sent, and the most that its reply waited
     * unread. The difference of two percentiles is the part that may be the generator's.
     */
    net: z
      .strictObject({
        response: latencySchema,
        service: latencySchema,
        byMethod: z.record(z.string(), latencySchema),
        serviceByMethod: z.record(z.string(), latencySchema),
      })
      .nullable()
      .default(null),
    /** Response time, HdrHistogram V2, compressed, base64. */
    histogram: z.string(),
    /** The same of service time. */
    serviceHistogram: z.string().nullable().default(null),
  }),
  /** Steps of a load whose rate changes by plan or by hand; else empty. */
  steps: z.array(stepSchema).default([]),
  timeline: z.array(timelineEntrySchema),
  events: z.array(eventSchema),
  generator: z.strictObject({
    threads: count,
    cpuSeconds: z.number().min(0),
    cpuSecondsByThread: z.array(z.number().min(0)).default([]),
    scheduleSlipUs: z.strictObject({p50: measure, p99: measure, max: measure}),
    eventLoopDelayUs: z.strictObject({p99: measure, max: measure}),
    /** Share of the calls that the generator itself sent more than 1 ms late; null in a closed loop. */
    lateShare: z.number().min(0).max(1).nullable().default(null),
    /** The generator, not the server, limited the rate. */
    saturated: z.boolean(),
  }),
  verdict: z.enum(['pass', 'fail', 'unknown']),
})

export type RunResult = Readonly<z.infer<typeof runResultSchema>>
export type RunEvent = Readonly<z.infer<typeof eventSchema>>
export type RunStep = Readonly<z.infer<typeof stepSchema>>
export type TimelineEntry = Readonly<z.infer<typeof timelineEntrySchema>>
