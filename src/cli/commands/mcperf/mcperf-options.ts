import type {Distribution} from '../../../engine/mcperf/distribution.js'
import {type McperfMethod, mcperfMethods} from '../../../engine/mcperf/plan.js'
import {UsageError} from '../../app/errors.js'
import {readCInteger, readCReal} from './c-text.js'
import {readDistribution} from './read-distribution.js'

const PREFIX_MAX = 16
const PORT_MAX = 65_535
/** mcperf has no limit and reads past its buffer of 1 MB. */
const SIZE_MAX_BYTES = 1024 * 1024 * 1024

/** What a command line of `repbench mcperf` asks for. */
export interface McperfRequest {
  help: boolean
  version: boolean
  verbosity: number
  /** The log's file; null: stderr. */
  output: string | null
  /** A host, or the path of a unix socket. */
  server: string
  port: number
  printHistogram: boolean
  timeoutSeconds: number
  lingerSeconds: number | null
  /** Options that name a socket buffer's size, which cannot be set here. */
  bufferOptions: string[]
  noDelay: boolean
  method: McperfMethod
  expirySeconds: number
  noreply: boolean
  prefix: string
  client: number
  connections: number
  calls: number
  connectionInterval: Distribution
  callInterval: Distribution
  sizes: Distribution
  /** Always exits with 0, as mcperf does. */
  mcperfExit: boolean
}

export function defaultRequest(): McperfRequest {
  return {
    help: false,
    version: false,
    verbosity: 5,
    output: null,
    server: 'localhost',
    port: 11_211,
    printHistogram: false,
    timeoutSeconds: 0,
    lingerSeconds: null,
    bufferOptions: [],
    noDelay: true,
    method: 'set',
    expirySeconds: 0,
    noreply: false,
    prefix: 'mcp:',
    client: 0,
    connections: 1,
    calls: 1,
    connectionInterval: {kind: 'none'},
    callInterval: {kind: 'none'},
    sizes: {kind: 'deterministic', value: 1},
    mcperfExit: false,
  }
}

interface McperfOption {
  readonly long: readonly string[]
  /** What mcperf says is missing where the value is; null for an option without one. */
  readonly wants: 'a number' | 'a real number' | 'a string' | 'a file name' | 'a distribution' | null
  readonly apply: (request: McperfRequest, value: string) => void
}

/** mcperf's options by their letter, and `--mcperf-exit`, which is ours. */
export const mcperfOptions: Readonly<Record<string, McperfOption>> = {
  h: option(['help'], null, request => {
    request.help = true
  }),
  // mcperf's usage names it, its parser does not know it.
  '?': option([], null, request => {
    request.help = true
  }),
  V: option(['version'], null, request => {
    request.version = true
  }),
  v: option(['verbosity', 'verbose'], 'a number', (request, text) => {
    request.verbosity = Math.min(11, readNumber('v', text))
  }),
  o: option(['output'], 'a file name', (request, path) => {
    request.output = path === '' ? null : path
  }),
  s: option(['server'], 'a string', (request, server) => {
    request.server = server
  }),
  p: option(['port'], 'a number', (request, text) => {
    const port = readNumber('p', text)
    if (port < 1 || port > PORT_MAX) throw new UsageError(`option -p value ${port} is not a valid port`)
    request.port = port
  }),
  H: option(['print-histogram'], null, request => {
    request.printHistogram = true
  }),
  t: option(['timeout'], 'a real number', (request, text) => {
    const seconds = readCReal(text)
    // The capital letter is mcperf's.
    if (seconds === null || seconds < 0) throw new UsageError('option -T requires a real number')
    request.timeoutSeconds = seconds
  }),
  l: option(['linger'], 'a number', (request, text) => {
    request.lingerSeconds = readNumber('l', text)
  }),
  b: bufferOption('b', 'send-buffer'),
  B: bufferOption('B', 'recv-buffer'),
  D: option(['disable-nodelay'], null, request => {
    request.noDelay = false
  }),
  m: option(['method'], 'a string', (request, text) => {
    request.method = readMethod(text)
  }),
  e: option(['expiry'], 'a number', (request, text) => {
    request.expirySeconds = readNumber('e', text)
  }),
  q: option(['use-noreply'], null, request => {
    request.noreply = true
  }),
  P: option(['prefix'], 'a string', (request, prefix) => {
    const isTooLong = Buffer.byteLength(prefix) > PREFIX_MAX
    if (isTooLong) throw new UsageError(`key prefix cannot exceed ${PREFIX_MAX} in length`)
    request.prefix = prefix
  }),
  c: option(['client'], 'a string', (request, text) => {
    request.client = readClient(text)
  }),
  n: option(['num-conns'], 'a number', (request, text) => {
    request.connections = readNumber('n', text)
  }),
  N: option(['num-calls'], 'a number', (request, text) => {
    request.calls = readNumber('N', text)
  }),
  r: option(['conn-rate'], 'a distribution', (request, text) => {
    request.connectionInterval = readDistribution(text)
  }),
  R: option(['call-rate'], 'a distribution', (request, text) => {
    request.callInterval = readDistribution(text)
  }),
  z: option(['sizes'], 'a distribution', (request, text) => {
    request.sizes = readSizes(text)
  }),
  'mcperf-exit': option(['mcperf-exit'], null, request => {
    request.mcperfExit = true
  }),
}

function option(long: readonly string[], wants: McperfOption['wants'], apply: McperfOption['apply']): McperfOption {
  return {long, wants, apply}
}

function bufferOption(letter: string, long: string): McperfOption {
  return option([long], 'a number', (request, text) => {
    readNumber(letter, text)
    request.bufferOptions.push(`-${letter}`)
  })
}

function readNumber(letter: string, text: string): number {
  const value = readCInteger(text)
  if (value === null) throw new UsageError(`option -${letter} requires a number`)
  return value
}

function readMethod(text: string): McperfMethod {
  const method = mcperfMethods.find(known => known === text)
  if (method !== undefined) return method
  const valid = 'get, gets, delete, cas, set, add, replace, prepend, incr and decr'
  throw new UsageError(`'${text}' is an invalid method; valid methods are ${valid}`)
}

/** `I/N`: the number of this instance; how many there are makes no difference. */
function readClient(text: string): number {
  const slash = text.indexOf('/')
  if (slash < 0) throw new UsageError(`invalid client id format '${text}'`)
  const [first, second] = [text.slice(0, slash), text.slice(slash + 1)]
  const client = readCInteger(first)
  if (client === null) throw new UsageError(`client id is not a number '${first}'`)
  if (readCInteger(second) === null) throw new UsageError(`number of clients is not a number '${second}'`)
  return client
}

function readSizes(text: string): Distribution {
  const sizes = readDistribution(text)
  if (sizes.kind === 'none') throw new UsageError('invalid distribution type 0 for item sizes')
  if (largestParameter(sizes) > SIZE_MAX_BYTES)
    throw new UsageError(`item sizes '${text}' exceed ${SIZE_MAX_BYTES} bytes`)
  return sizes
}

function largestParameter(sizes: Exclude<Distribution, {kind: 'none'}>): number {
  switch (sizes.kind) {
    case 'deterministic':
      return sizes.value
    case 'exponential':
      return sizes.mean
    case 'uniform':
      return sizes.max
    case 'sequential':
      return sizes.min
  }
}
