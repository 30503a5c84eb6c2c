import {z} from 'zod'
import {worstVerdict} from '../../../engine/measure/verdict.js'
import {comparedMeasures} from './compared-measures.js'
import {type RunDocument, runDocumentSchema, verdictSchema} from './run-json.js'
import {summarize} from './spread.js'

export const REPEATED_SCHEMA = 'repbench.repeated/1'

/** Of the runs that came to their end. */
const spreadSchema = z.strictObject({
  median: z.number(),
  min: z.number(),
  max: z.number(),
  /** max − min, in percent of the median; null when that is 0. */
  spreadPercent: z.number().nullable(),
})

/** The JSON document of `load --repeat N`: every run in full, and what they have in common. */
export const repeatedDocumentSchema = z.strictObject({
  schema: z.literal(REPEATED_SCHEMA),
  command: z.string(),
  version: z.string(),
  startedAt: z.iso.datetime(),
  /** How many runs were asked for; fewer are there when they were interrupted. */
  repetitions: z.int().min(2),
  summary: z.record(z.string(), spreadSchema),
  runs: z.array(runDocumentSchema).min(1),
  verdict: verdictSchema,
})

export type RepeatedDocument = Readonly<z.infer<typeof repeatedDocumentSchema>>

/** The verdict is that of the worst run. */
export function makeRepeatedDocument(runs: readonly RunDocument[], repetitions: number): RepeatedDocument {
  const [first] = runs
  const {command, version, startedAt} = first!
  const verdicts = runs.map(({verdict}) => verdict)
  const missing = runs.length < repetitions
  return {
    schema: REPEATED_SCHEMA,
    command,
    version,
    startedAt,
    repetitions,
    summary: summarizeRuns(runs),
    runs: [...runs],
    verdict: worstVerdict(missing ? [...verdicts, 'unknown'] : verdicts),
  }
}

function summarizeRuns(runs: readonly RunDocument[]): RepeatedDocument['summary'] {
  const whole = runs.filter(({interrupted}) => !interrupted)
  return Object.fromEntries(
    comparedMeasures.flatMap(({name, read}) => {
      const summary = summarize(whole.map(read))
      return summary === null ? [] : [[name, summary]]
    }),
  )
}
