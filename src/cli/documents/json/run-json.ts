import {z} from 'zod'
import type {AssertionOutcome} from '../../../engine/assertions/check-assertion.js'
import {type Verdict, worstVerdict} from '../../../engine/measure/verdict.js'
import {judgeRun, runFaults} from '../../../engine/result/judge-run.js'
import {type RunResult, runResultSchema} from '../../../engine/result/run-result.js'
import {formatAddress} from '../../../protocol/address.js'
import type {ClusterNode} from '../../../server/node-api/cluster-node.js'
import {assertionReasons, runReasons} from '../phrases/run-reasons.js'

export const RUN_SCHEMA = 'repbench.run/1'

const topologySchema = z.strictObject({
  /** A name of --topology; `attached` for a server that was there before. */
  name: z.string(),
  nodes: z.array(z.strictObject({name: z.string(), backend: z.string().nullable(), address: z.string()})),
})

export const verdictSchema = z.enum(['pass', 'fail', 'unknown'])

const assertionSchema = z.strictObject({
  expr: z.string(),
  /** Null when it was not measured. */
  actual: z.union([z.number(), z.boolean()]).nullable(),
  /** Of `actual`. */
  unit: z.enum(['us', 'count', 'perSecond', 'percent', 'boolean']),
  verdict: verdictSchema,
  /** `actual` is a lower bound. */
  isAtLeast: z.literal(true).optional(),
  /** Why it is unknown, or a bound. */
  reason: z.string().optional(),
})

const {verdict, ...measured} = runResultSchema.shape

/** The JSON document of a run: `load --json`, --out and the run history. */
export const runDocumentSchema = z.strictObject({
  schema: z.literal(RUN_SCHEMA),
  command: z.string(),
  version: z.string(),
  topology: topologySchema,
  ...measured,
  /** Null when nothing of it was measured. What the nodes hold is compared by `repbench diff` and by drills, not by a load. */
  replication: z.strictObject({lagUs: measured.lagUs, consistency: measured.consistency}).nullable(),
  assertions: z.array(assertionSchema),
  /** Why the run does not pass, a few words each. */
  reasons: z.array(z.string()).default([]),
  verdict,
})

export type RunDocument = Readonly<z.infer<typeof runDocumentSchema>>
export type RunTopology = RunDocument['topology']

/** The nodes of a run, as its document names them. */
export function describeTopology(name: string, nodes: readonly ClusterNode[]): RunTopology {
  return {
    name,
    nodes: nodes.map(node => ({name: node.name, backend: node.backend, address: formatAddress(node.address)})),
  }
}

interface RunDocumentParts {
  readonly result: RunResult
  readonly command: string
  readonly version: string
  readonly topology: RunTopology
  readonly assertions?: readonly AssertionOutcome[]
}

/** The run's verdict is the worst of its own and its assertions'; an assertion on a fault replaces the run's own judgement of it. */
export function makeRunDocument({result, assertions = [], ...parts}: RunDocumentParts): RunDocument {
  const {verdict, ...rest} = result
  const asserted = new Set(assertions.map(({expr}) => /^\s*(\w+)/.exec(expr)?.[1]?.toLowerCase()))
  const assertedFaults = new Set(runFaults.filter(fault => asserted.has(fault.toLowerCase())))
  const own = assertedFaults.size === 0 ? verdict : judgeRun(rest, assertedFaults)
  const worst = worstVerdict([own, ...assertions.map(assertion => assertion.verdict)])
  return {
    schema: RUN_SCHEMA,
    command: parts.command,
    version: parts.version,
    topology: parts.topology,
    ...rest,
    replication:
      rest.lagUs === null && rest.consistency === null ? null : {lagUs: rest.lagUs, consistency: rest.consistency},
    assertions: [...assertions],
    reasons: [...(own === worst ? runReasons(result, assertedFaults) : []), ...reasonsOf(assertions, worst)],
    verdict: worst,
  }
}

function reasonsOf(assertions: readonly AssertionOutcome[], verdict: Verdict): string[] {
  return verdict === 'pass' ? [] : assertionReasons(assertions, verdict)
}
