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

/** What was asked of nodes; see Requests. */
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

/** Probes were once given up after 2 s, and counted as `notCrossed`. */
const lagSchema = z.preprocess(
  value => {
    if (typeof value !== 'object' || value === null || !('notCrossed' in value)) return value
    const {notCrossed, ...rest} = value
    return {...rest, unseen: notCrossed}
  },
  latencySchema.extend({
    /** Probes that were never seen, of `count`: each counts with its age. */
    unseen: count,
    /** Figures that are lower bounds because of them. */
    atLeast: z.array(lagFigureSchema).default([]),
    /** Probes that were due and not acknowledged: no lag. */
    notStored: count.default(0),
  }),
)

const probeCountsSchema = z.strictObject({connections: count.default(0), sets: count, gets: count, deletes: count})

/** Of documents of any version. */
export const lagUsSchema = z.strictObject({
  aToB: lagSchema,
  bToA: lagSchema,
  /** What the probe asked both nodes together, and each; a get counts once for each key. */
  probe: probeCountsSchema.extend({a: probeCountsSchema, b: probeCountsSchema}).nullable().default(null),
  /** Threads that the probe ran on; missing in older documents. */
  measuredOn: z.array(z.enum(lagThreads)).optional(),
})

const verificationSchema = z.strictObject({
  /** Reads by what came: the last acknowledged version or a later one; an older one; none though one was acknowledged … */
  fresh: count,
  stale: count,
  missing: count,
  /** A well-formed value of another key or another run. */
  foreign: count,
  corrupt: count,
  /** Something from before the run, of a key that it had not written yet: no fault. */
  leftover: count.default(0),
  /** Versions behind, of the worst stale read. */
  worstStaleVersions: count,
  /** The first few that were not fresh. */
  examples: z.array(z.strictObject({key: z.string(), kind: z.string(), text: z.string()})),
  /** When, in seconds from the start of the load, and from which server faulty reads came; the first hundred spells of each kind. */
  spells: z
    .array(z.strictObject({kind: z.string(), server: z.string(), from: z.number(), to: z.number(), reads: count}))
    .default([]),
})

/** As link-truth.ts names them. */
const linkVerdictSchema = z.enum(['paired', 'listening', 'orphaned', 'unpaired-but-serving', 'unknown'])

/** Whether the pair replicated while it was loaded; seconds from the start of the load. */
const linkSchema = z.strictObject({
  /** After the load. */
  verdict: linkVerdictSchema,
  why: z.string(),
  /** Whether writes were seen to cross both ways; else it is what the nodes say. */
  proven: z.boolean(),
  /** In which it was known not to replicate, and in which nobody knew. */
  unpairedSeconds: z.number().min(0),
  unknownSeconds: z.number().min(0),
  /** After the load, of a pair whose link is well: that its nodes do not hold the same, by keys that were read on both. */
  parting: z
    .strictObject({
      text: z.string(),
      detail: z.string(),
      items: z.tuple([count.nullable(), count.nullable()]),
      looked: count,
      found: z.strictObject({onlyOnFirst: count, onlyOnSecond: count, different: count}),
      examples: z.array(z.string()),
      /** They did so before the load, too: it is no fault of the run. */
      before: z.boolean(),
    })
    .nullable()
    .default(null),
  /** The first hundred of those times. */
  spells: z.array(z.strictObject({verdict: linkVerdictSchema, why: z.string(), from: z.number(), to: z.number()})),
})

/** A stretch of the load with a rate of its own. Calls belong to the step in which they were due. */
const stepSchema = z.strictObject({
  /** Seconds from the start of the load to the start of the step. */
  t: z.number().min(0),
  seconds: z.number().min(0),
  plannedPerSecond: z.strictObject({from: z.number(), to: z.number(), mean: z.number()}),
  /** Answered without an error while the step lasted, whenever they were due. */
  opsPerSecond: z.number().min(0),
  operations: z.strictObject({
    /** By the planned rate. */
    planned: count,
    sent: count,
    ok: count,
    miss: count,
    errors: count,
    /** Timed out, lost, or still under way. */
    withoutReply: count,
  }),
  /** Keys of all answered reads, and those of them that were there; null when nothing was read. */
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
  /** The longest of either direction in µs, of writes that arrived and by the age of those that did not; where it was measured. */
  lag: measure,
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
  target: addressSchema,
  /** All nodes that the load could go to; the first is `target`. */
  targets: z.array(addressSchema).default([]),
  /** Ended by the operator before its time. */
  interrupted: z.boolean(),
  durationSeconds: z.number().min(0),
  plannedSeconds: z.number().min(0).nullable(),
  /** After how long, and why, a load ended whose plan had not; null where it came to its end. */
  endedEarly: z
    .strictObject({seconds: z.number().min(0), why: z.enum(['interrupted', 'no connection was left'])})
    .nullable()
    .default(null),
  operations: operationsSchema,
  /** Keys of all reads and how many were there; null when nothing was read. */
  reads: z.strictObject({keys: count, found: count}).nullable().default(null),
  connections: z.strictObject({
    planned: count,
    opened: count,
    errors: z.record(z.string(), count),
    /** Times that a connection was opened again; that one went to the other node; that one came back. */
    reopened: count.default(0),
    failedOver: count.default(0),
    failedBack: count.default(0),
    /** How many clients the server may have, by its own word; asked only where it turned some away. */
    limit: count.nullable().default(null),
  }),
  /** What each client felt of the failures of its connection, of very many the first and the longest; seconds from the start of the load. */
  outages: z
    .array(
      z.strictObject({
        connection: count,
        /** Its last good reply before; null when it had none. */
        from: z.number().nullable(),
        failed: z.number(),
        /** How the connection failed; null: it held, and a call waited from `failed` on. */
        failure: z.string().nullable().default(null),
        /** When the last attempt to connect began; null when there was none. */
        attempt: z.number().nullable().default(null),
        /** Its next good reply; null when none came. */
        to: z.number().nullable(),
      }),
    )
    .default([]),
  /** What came before the measurement and is in none of its figures. */
  warmup: z
    .strictObject({seconds: z.number().min(0), operations: operationsSchema, response: latencySchema})
    .nullable()
    .default(null),
  prefill: z
    .strictObject({seconds: z.number().min(0), operations: operationsSchema})
    .nullable()
    .default(null),
  /** From a write on one node to its sight on the other, A being the master, in µs; null when it was not measured. */
  lagUs: lagUsSchema.nullable().default(null),
  /** Null when nobody watched. */
  link: linkSchema.nullable().default(null),
  /** Of a plan with `verify`. */
  verification: verificationSchema.nullable().default(null),
  /** What the nodes held in the end, key by key; null when that was not checked. */
  consistency: consistencySchema.nullable().default(null),
  /** Why it could not be checked. */
  checkProblem: z.string().nullable().default(null),
  /**
   * Everything that the run asked of its nodes, by the names of what they count themselves; null in documents of before.
   * Of load, warm-up and prefill what was sent, so with calls that were lost or timed out nodes may count less.
   */
  total: z
    .strictObject({
      /** Of all below. */
      connections: count,
      load: requestsSchema,
      warmup: requestsSchema.nullable(),
      prefill: requestsSchema.nullable(),
      /** Of the lag; null where there were none. */
      probes: requestsSchema.nullable(),
      /** Whether anybody answers, before the load; what the nodes hold, after it; what they evict, meanwhile. */
      checks: requestsSchema,
    })
    .nullable()
    .default(null),
  /** Over the time that was planned, or that the load took where that is longer, not known, or the operator ended it. */
  throughput: z.strictObject({
    /** Operations that succeeded, misses among them; error replies apart. */
    opsPerSecond: z.number().min(0).nullable(),
    /** While the load ran, for however long. */
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
     * The same without what may be the generator's own lateness in each call: how late it was sent, and for how long at
     * most its reply lay unread. The difference of two percentiles is how much of the higher may be the generator's.
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
  /** Of a load whose rate changes by its plan or by hand; else empty. */
  steps: z.array(stepSchema).default([]),
  timeline: z.array(timelineEntrySchema),
  events: z.array(eventSchema),
  generator: z.strictObject({
    threads: count,
    cpuSeconds: z.number().min(0),
    cpuSecondsByThread: z.array(z.number().min(0)).default([]),
    scheduleSlipUs: z.strictObject({p50: measure, p99: measure, max: measure}),
    eventLoopDelayUs: z.strictObject({p99: measure, max: measure}),
    /** Share of the calls that the generator itself sent over 1 ms late; null in a closed loop. */
    lateShare: z.number().min(0).max(1).nullable().default(null),
    /** The generator, not the server, set the pace. */
    saturated: z.boolean(),
  }),
  verdict: z.enum(['pass', 'fail', 'unknown']),
})

export type RunResult = Readonly<z.infer<typeof runResultSchema>>
export type RunEvent = Readonly<z.infer<typeof eventSchema>>
export type RunStep = Readonly<z.infer<typeof stepSchema>>
export type TimelineEntry = Readonly<z.infer<typeof timelineEntrySchema>>
