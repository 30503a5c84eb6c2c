import {isMap, isScalar, LineCounter, type Node, type ParsedNode, parseDocument} from 'yaml'
import type {z} from 'zod'
import {describeUnknown, nearestNames} from '../../engine/nearest.js'
import {quoted} from '../../protocol/printable.js'
import {UsageError} from '../errors.js'
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
  const document = parseDocument(text, {lineCounter: lines, prettyErrors: false, logLevel: 'silent'})
  const at = (offset: number) => {
    const {line, col} = lines.linePos(offset)
    return `${path}:${line}:${col}`
  }
  const [flaw] = document.errors
  if (flaw !== undefined) throw new UsageError(`${at(flaw.pos[0])}: Expected YAML, got: ${flaw.message}`)
  const {contents} = document
  if (!isMap(contents)) {
    const got = contents === null ? 'nothing' : isScalar(contents) ? `'${quoted(String(contents.value))}'` : 'a list'
    throw new UsageError(`${at(startOf(contents))}: Expected settings such as 'rate: 50k', got ${got}`)
  }
  const parsed = profileFileSchema.safeParse(document.toJS())
  if (!parsed.success) {
    const issues = parsed.error.issues.map(issue => describeIssue(contents, issue))
    const {offset, message} = issues.toSorted((a, b) => a.offset - b.offset)[0]!
    throw new UsageError(`${at(offset)}: ${message}`)
  }
  return {...toProfileFile(parsed.data), place: key => at(keyOffset(contents, key))}
}

function describeIssue(contents: Node, issue: z.core.$ZodIssue): {offset: number; message: string} {
  if (issue.code === 'unrecognized_keys') {
    const [name = ''] = issue.keys
    return {offset: keyOffset(contents, name), message: describeUnknownKey(name)}
  }
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
