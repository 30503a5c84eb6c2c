import {z} from 'zod'
import {type RunResult, runResultSchema} from '../../engine/run-result.js'

const RUN_SCHEMA = 'repbench.run/1'

const topologySchema = z.strictObject({
  /** A name of --topology; `attached` for a server that was there before. */
  name: z.string(),
  nodes: z.array(z.strictObject({name: z.string(), backend: z.string().nullable(), address: z.string()})),
})

const {verdict, ...measured} = runResultSchema.shape

/** The JSON document of a run: `load --json`, --out and the run history. */
export const runDocumentSchema = z.strictObject({
  schema: z.literal(RUN_SCHEMA),
  command: z.string(),
  version: z.string(),
  topology: topologySchema,
  ...measured,
  /** Not measured yet. */
  replication: z.null(),
  assertions: z.array(z.never()),
  verdict,
})

export type RunDocument = Readonly<z.infer<typeof runDocumentSchema>>
export type RunTopology = RunDocument['topology']

export function makeRunDocument(parts: {
  result: RunResult
  command: string
  version: string
  topology: RunTopology
}): RunDocument {
  const {result, command, version, topology} = parts
  const {verdict: runVerdict, ...rest} = result
  return {
    schema: RUN_SCHEMA,
    command,
    version,
    topology,
    ...rest,
    replication: null,
    assertions: [],
    verdict: runVerdict,
  }
}

export function formatJson(document: RunDocument): string {
  return `${JSON.stringify(document, null, 2)}\n`
}
