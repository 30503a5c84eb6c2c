import {fromPrintable} from '../../protocol/printable.js'
import {RequestSplitter} from '../session/request-splitter.js'
import type {FileLine} from '../transcript/transcript-file.js'

/** Lines that go to a node, and what it had answered to them. */
export interface ReplayStep {
  readonly node: string
  readonly sent: readonly string[]
  /** Null when the file does not say. */
  readonly expected: readonly string[] | null
  /** Nothing is changed, so it may be asked again until it is as expected. */
  readonly onlyReads: boolean
}

interface OpenStep {
  readonly node: string
  readonly sent: string[]
  readonly received: string[]
}

const reads: ReadonlySet<string> = new Set(['get', 'gets', 'mg'])
/** Answers that are never twice the same. */
const varying: ReadonlySet<string> = new Set(['stats', 'version', 'me', 'lru_crawler'])
/** They end the connection that the next step needs. */
const endings: ReadonlySet<string> = new Set(['quit', 'shutdown'])

/**
 * What to send, in order, and what to expect.
 * @param node gets the lines of a file that names no node
 */
export function planReplay(lines: readonly FileLine[], node: string): ReplayStep[] {
  const steps: OpenStep[] = []
  const open = new Map<string, OpenStep>()
  for (const line of lines) {
    const name = line.node ?? node
    const step = open.get(name)
    if (line.kind === 'received') step?.received.push(line.text)
    if (line.kind !== 'sent') continue
    // A list of commands has no replies between them: each complete request is a step.
    const goesOn = step !== undefined && step.received.length === 0 && !(line.node === null && isComplete(step.sent))
    if (goesOn) step.sent.push(line.text)
    else {
      const next = {node: name, sent: [line.text], received: []}
      open.set(name, next)
      steps.push(next)
    }
  }
  const isList = lines.every(line => line.node === null)
  return steps.map(step => finish(step, isList)).filter(({sent}) => sent.length > 0)
}

function finish({node, sent, received}: OpenStep, isList: boolean): ReplayStep {
  const verbs = verbsOf(sent)
  const kept = sent.filter(line => !endings.has(line.trim()))
  const compared = !isList && !verbs.some(verb => varying.has(verb))
  return {
    node,
    sent: kept,
    expected: compared ? received : null,
    onlyReads: verbs.length > 0 && verbs.every(verb => reads.has(verb)),
  }
}

/** Whether no data block is open at the end of these lines. */
function isComplete(sent: readonly string[]): boolean {
  const splitter = new RequestSplitter()
  for (const line of sent) splitter.push(bytesOf(line))
  return splitter.dataBytesExpected === null
}

function verbsOf(sent: readonly string[]): string[] {
  const splitter = new RequestSplitter()
  return sent.flatMap(line =>
    splitter.push(bytesOf(line)).flatMap(({completes}) => (completes === null ? [] : [completes.verb])),
  )
}

function bytesOf(line: string): Buffer {
  return Buffer.concat([fromPrintable(line), Buffer.from('\r\n')])
}
