import {
  type Document,
  isMap,
  isScalar,
  LineCounter,
  type Node,
  type ParsedNode,
  parseDocument,
  type YAMLMap,
} from 'yaml'
import type {z} from 'zod'
import {describeUnknown, nearestNames} from '../../engine/plan/did-you-mean.js'
import {messageOf} from '../../protocol/errors.js'
import {quoted} from '../../protocol/printable.js'
import {UsageError} from '../app/errors.js'
import {type ProfileFile, profileFileKeys, profileFileSchema, toProfileFile} from './profile-schema.js'

/** A profile file that was read, and where each of its keys stands. */
export interface ReadProfileFile extends ProfileFile {
  /** `FILE:LINE:COLUMN` of a key; of the file's start for a key that it has not. */
  place(key: string): string
}

/**
 * Reads the text of a profile file.
 * @throws UsageError with the place of the first mistake, what was expected and what came
 */
export function parseProfileFile(text: string, {path}: {path: string}): ReadProfileFile {
  const lines = new LineCounter()
  // The library compares each key with all others; for thousands of them that takes seconds.
  const options = {lineCounter: lines, prettyErrors: false, logLevel: 'silent', uniqueKeys: false} as const
  const document = parseDocument(text, options)
  const at = (offset: number) => {
    const {line, col} = lines.linePos(offset)
    return `${path}:${line}:${col}`
  }
  const [flaw] = document.errors
  if (flaw !== undefined) throw new UsageError(`${at(flaw.pos[0])}: Expected YAML, got: ${describeFlaw(flaw.message)}`)
  const {contents} = document
  if (!isMap(contents)) {
    const got = contents === null ? 'nothing' : isScalar(contents) ? `'${quoted(String(contents.value))}'` : 'a list'
    throw new UsageError(`${at(startOf(contents))}: Expected settings such as 'rate: 50k', got ${got}`)
  }
  const wrong = findWrongKey(contents)
  if (wrong !== null) throw new UsageError(`${at(wrong.offset)}: ${wrong.message}`)
  const parsed = profileFileSchema.safeParse(settingsOf(document, contents, at))
  if (!parsed.success) {
    const issues = parsed.error.issues.map(issue => describeIssue(contents, issue))
    const {offset, message} = issues.toSorted((a, b) => a.offset - b.offset)[0]!
    throw new UsageError(`${at(offset)}: ${message}`)
  }
  return {...toProfileFile(parsed.data), place: key => at(keyOffset(contents, key))}
}

/** Aliases are for a value that is written twice; what is made of very many is a bomb. */
const ALIASES_MOST = 20

/** Mappings within it are Maps, in which every name is one like the others. */
function settingsOf(document: Document, contents: YAMLMap, at: (offset: number) => string): Record<string, unknown> {
  try {
    const settings = document.toJS({mapAsMap: true, maxAliasCount: ALIASES_MOST}) as ReadonlyMap<unknown, unknown>
    return Object.fromEntries(Array.from(settings, ([key, value]) => [String(key), value]))
  } catch (error) {
    throw new UsageError(`${at(startOf(contents))}: Expected YAML that can be resolved, got: ${messageOf(error)}`, {
      cause: error,
    })
  }
}

interface Flaw {
  readonly offset: number
  readonly message: string
}

/** The first key that is no setting, or is there twice. */
function findWrongKey(contents: YAMLMap): Flaw | null {
  for (const {key} of pairsOf(contents)) {
    const name = nameOfKey(key)
    if (!profileFileKeys.includes(name)) return {offset: startOf(key), message: describeUnknownKey(name)}
  }
  const maps = pairsOf(contents).flatMap(({value}) => (isMap(value) ? [value] : []))
  return [contents, ...maps].map(findTwice).find(flaw => flaw !== null) ?? null
}

function findTwice(map: YAMLMap): Flaw | null {
  const seen = new Set<string>()
  for (const {key} of pairsOf(map)) {
    const name = nameOfKey(key)
    if (seen.has(name)) return {offset: startOf(key), message: `Expected each name once, got '${name}' twice`}
    seen.add(name)
  }
  return null
}

function pairsOf(map: YAMLMap) {
  return (map as YAMLMap<ParsedNode, ParsedNode | null>).items
}

function nameOfKey(key: ParsedNode): string {
  return isScalar(key) ? String(key.value) : 'a mapping or a list'
}

function describeIssue(contents: Node, issue: z.core.$ZodIssue): {offset: number; message: string} {
  const [key = ''] = issue.path
  return {offset: valueOffset(contents, String(key), issue.message), message: `${String(key)}: ${issue.message}`}
}

/** All keys are too many to name where one comes near. */
function describeUnknownKey(name: string): string {
  const [nearest] = nearestNames(name, profileFileKeys)
  if (nearest !== undefined) return `Expected a setting, got '${quoted(name)}' (did you mean ${nearest}?)`
  return describeUnknown({what: 'a setting', name, known: profileFileKeys})
}

function findPair(contents: Node, key: string) {
  return isMap<ParsedNode, ParsedNode | null>(contents)
    ? contents.items.find(pair => isScalar(pair.key) && String(pair.key.value) === key)
    : undefined
}

function keyOffset(contents: Node, key: string): number {
  return startOf(findPair(contents, key)?.key ?? null)
}

function valueOffset(contents: Node, key: string, message: string): number {
  const pair = findPair(contents, key)
  return startOf(findPart(pair?.value ?? null, message) ?? pair?.value ?? pair?.key ?? null)
}

/** In a setting with parts, such as a mix: the one that the message quotes. */
function findPart(value: Node | null, message: string): Node | null {
  const got = /got '(.*?)'/.exec(message)?.[1]
  if (got === undefined || !isMap<ParsedNode, ParsedNode | null>(value)) return null
  const nodes = value.items.flatMap(part => [part.key, part.value])
  return nodes.find(node => isScalar(node) && quoted(String(node.value)) === got) ?? null
}

function startOf(node: Node | null): number {
  return node?.range?.[0] ?? 0
}

/** The library ends on the stack of the runtime where lists hold lists by the thousand. */
function describeFlaw(message: string): string {
  return message.includes('call stack') ? 'lists or maps that are nested too deep' : message
}
