import {z} from 'zod'
import {messageOf} from '../../../protocol/errors.js'
import type {NotSeen} from '../pump.js'
import {DumpError} from './dump-error.js'

const SCHEMA = 'repbench.dump-file/1'

const headerSchema = z.object({
  schema: z.literal(SCHEMA),
  /** Of the repbench that wrote it. */
  version: z.string(),
  /** HOST:PORT. */
  server: z.string(),
  serverVersion: z.string().nullable(),
  startedAt: z.iso.datetime(),
  /** The server's clock minus that of the machine that wrote the dump: exptimes are by the server's clock. */
  clockAheadSeconds: z.int(),
})

const count = z.int().min(0)

const endSchema = z.object({
  items: count,
  /** Of keys and values. */
  bytes: count,
  notSeen: z.object({
    hidden: count.nullable(),
    unreadable: count,
    gone: count,
    exptimeUnknown: count,
    damage: z.string().nullable(),
  }),
  endedAt: z.iso.datetime(),
})

/** What a dump says of itself before its items. */
export type DumpHeader = Omit<z.infer<typeof headerSchema>, 'schema'>

/** What a dump says after its items. */
export interface DumpEnd {
  readonly items: number
  /** Of keys and values. */
  readonly bytes: number
  readonly notSeen: NotSeen
  readonly endedAt: string
}

export function renderHeader(header: DumpHeader): Buffer {
  return Buffer.from(JSON.stringify({schema: SCHEMA, ...header}))
}

export function renderEnd(end: DumpEnd): Buffer {
  return Buffer.from(JSON.stringify(end))
}

/** @returns what is wrong with it, in words @throws DumpError for a dump of another schema */
export function readHeader(content: Buffer): DumpHeader | string {
  const read = parse(content)
  if (typeof read === 'string') return read
  const {schema} = (read.json ?? {}) as {schema?: unknown}
  if (typeof schema === 'string' && schema !== SCHEMA) {
    throw new DumpError('ERR_DUMP_FORMAT', `Expected a dump of schema ${SCHEMA}, got ${schema}`)
  }
  const {data, error} = headerSchema.safeParse(read.json)
  if (data === undefined) return firstProblem(error)
  const {schema: _, ...header} = data
  return header
}

/** @returns what is wrong with it, in words */
export function readEnd(content: Buffer): DumpEnd | string {
  const read = parse(content)
  if (typeof read === 'string') return read
  const {data, error} = endSchema.safeParse(read.json)
  return data ?? firstProblem(error)
}

function parse(content: Buffer): {readonly json: unknown} | string {
  try {
    return {json: JSON.parse(content.toString())}
  } catch (error) {
    return messageOf(error)
  }
}

function firstProblem(error: z.ZodError | undefined): string {
  const [issue] = error?.issues ?? []
  return `'${issue?.path.join('.')}' that is none (${issue?.message})`
}
