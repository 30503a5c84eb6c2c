import {ConsoleError} from '../errors.js'
import type {TranscriptEntry, TranscriptKind} from './transcript.js'

/** What one node's session said, to be written to a file. */
export interface SavedSession {
  readonly node: string
  readonly address: string
  readonly entries: readonly TranscriptEntry[]
}

/** A line of a transcript file. */
export interface FileLine {
  /** Null in a plain list of commands. */
  readonly node: string | null
  readonly kind: TranscriptKind
  readonly text: string
}

const TITLE = '# repbench console'
const marks: Readonly<Record<TranscriptKind, string>> = {sent: '>', received: '<', system: '*', good: '+', bad: '!'}
const kinds = new Map(Object.entries(marks).map(([kind, mark]) => [mark, kind as TranscriptKind]))

/** Sessions as one text, in the order in which things happened: time, node, `>` sent or `<` received, the line. */
export function formatTranscript(sessions: readonly SavedSession[]): string {
  const nodeWidth = Math.max(0, ...sessions.map(({node}) => node.length))
  const lines = sessions
    .flatMap(({node, entries}) => entries.map(entry => ({node, ...entry})))
    .sort((a, b) => a.atMs - b.atMs)
    .map(({node, kind, text, atMs, latencyUs}) => {
      const latency = latencyUs === null ? '' : `  (${(latencyUs / 1000).toFixed(2)} ms)`
      return `${new Date(atMs).toISOString()} ${node.padEnd(nodeWidth)} ${marks[kind]} ${text}${latency}`
    })
  const nodes = sessions.map(({node, address}) => `# ${node} ${address}`)
  return `${[TITLE, ...nodes, ...lines].join('\n')}\n`
}

const linePattern = /^\d{4}-\d\d-\d\dT[\d:.]+Z (\S+) +([<>*+!]) (.*)$/s
const latencyPattern = / {2}\(\d+\.\d\d ms\)$/

/**
 * Reads what formatTranscript() wrote; any other text is a list of commands, a line each.
 * @throws ConsoleError `ERR_CONSOLE_INPUT` for a line that is neither
 */
export function readTranscript(text: string): FileLine[] {
  const lines = text.split(/\r?\n/)
  if (lines.at(-1) === '') lines.pop()
  if (!text.startsWith(TITLE)) return lines.map(line => ({node: null, kind: 'sent', text: line}))
  return lines.flatMap((line, index) => {
    if (line.startsWith('#') || line === '') return []
    const [, node, mark, rest] = linePattern.exec(line) ?? []
    const kind = kinds.get(mark ?? '')
    if (node === undefined || kind === undefined || rest === undefined) {
      throw new ConsoleError('ERR_CONSOLE_INPUT', `Expected a transcript's line, got line ${index + 1}: ${line}`)
    }
    return [{node, kind, text: kind === 'received' ? rest.replace(latencyPattern, '') : rest}]
  })
}
