import {statSync} from 'node:fs'
import {basename, join} from 'node:path'
import {setImmediate} from 'node:timers/promises'
import {writePrivateFile} from '../../server/system/private-files.js'
import {readRegularFile} from '../../server/system/regular-file.js'
import type {PastDrill} from '../../ui/ports/drill-port.js'
import type {SavedRun} from '../../ui/ports/report-port.js'
import {UsageError} from '../app/errors.js'
import {jsonLine} from '../app/json-text.js'

/** Lies beside the indexed files; none of their names begins with a dot. */
const FILE_NAME = '.index'
const SCHEMA = 'repbench.index/1'
const TURN_MS = 8
const MAX_BYTES = 64 * 1024 * 1024

/** What lists show of a run that was kept. */
export type RunFacts = Omit<SavedRun, 'kind' | 'path' | 'number' | 'flaw'>

/** What lists show of a drill that was kept. */
export type DrillFacts = Omit<PastDrill, 'path' | 'flaw'>

type Facts = RunFacts | DrillFacts

/** A file of the history: what lists show of it, or what is wrong with it. */
export type Listed<Of extends Facts = Facts> =
  | {readonly facts: Of; readonly flaw: null}
  | {readonly facts: null; readonly flaw: string}

interface KeptFacts {
  readonly bytes: number
  readonly changedMs: number
  readonly facts: Facts
}

interface IndexOptions<Of extends Facts> {
  /** Of the indexed files. */
  readonly directory: string
  /** Reads one file; throws a UsageError where it is damaged. */
  readonly read: (path: string) => Promise<Of>
}

/**
 * Index of a history: what lists show of each file. Saved files never change and take long to read, so what was read
 * is kept in a file of its own, which may be deleted at any time. A damaged file is read again each time.
 */
export class HistoryIndex<Of extends Facts> {
  readonly #options: IndexOptions<Of>
  readonly #kept: Map<string, KeptFacts>
  #changed = false

  constructor(options: IndexOptions<Of>) {
    this.#options = options
    this.#kept = readIndex(join(options.directory, FILE_NAME))
  }

  /** Looks at one file after the other: of thousands only one is open or in memory. @throws when the signal aborts */
  async *lookAtAll(paths: readonly string[], signal?: AbortSignal): AsyncGenerator<Listed<Of>> {
    let turnedAt = performance.now()
    for (const path of paths) {
      if (performance.now() - turnedAt > TURN_MS) {
        // Lets keys and signals through.
        await setImmediate(undefined, {signal})
        turnedAt = performance.now()
      }
      yield await this.look(path)
    }
  }

  async look(path: string): Promise<Listed<Of>> {
    const name = basename(path)
    const found = extentOf(path)
    const kept = this.#kept.get(name)
    if (kept !== undefined && found?.bytes === kept.bytes && found.changedMs === kept.changedMs) {
      return {facts: kept.facts as Of, flaw: null}
    }
    if (this.#kept.delete(name)) this.#changed = true
    try {
      const facts = await this.#options.read(path)
      if (found !== null) {
        this.#kept.set(name, {...found, facts})
        this.#changed = true
      }
      return {facts, flaw: null}
    } catch (error) {
      if (!(error instanceof UsageError)) throw error
      return {facts: null, flaw: error.message}
    }
  }

  /** Saves the index of the files that still exist. Where that fails, they are read again the next time. */
  keep(paths: readonly string[]): void {
    if (!this.#changed) return
    const names = new Set(paths.map(path => basename(path)))
    const files = Array.from(this.#kept, ([name, {bytes, changedMs, facts}]) => [name, bytes, changedMs, facts])
    try {
      const {directory} = this.#options
      const text = jsonLine({schema: SCHEMA, files: files.filter(([name]) => names.has(name as string))})
      writePrivateFile(join(directory, FILE_NAME), text)
      this.#changed = false
    } catch {}
  }
}

/** Size and time of change, links followed; null when unknown: reading it then gives the error. */
function extentOf(path: string): Omit<KeptFacts, 'facts'> | null {
  try {
    const {size: bytes, mtimeMs: changedMs} = statSync(path)
    return {bytes, changedMs}
  } catch {
    return null
  }
}

/** Entries that are not as expected are left out: their files are read again. */
function readIndex(path: string): Map<string, KeptFacts> {
  try {
    const {schema, files} = JSON.parse(readRegularFile(path, {maxBytes: MAX_BYTES})) as {
      schema: unknown
      files: unknown
    }
    if (schema !== SCHEMA || !Array.isArray(files)) return new Map()
    return new Map(files.filter(isEntry).map(([name, bytes, changedMs, facts]) => [name, {bytes, changedMs, facts}]))
  } catch {
    return new Map()
  }
}

type Entry = readonly [name: string, bytes: number, changedMs: number, facts: Facts]

function isEntry(entry: unknown): entry is Entry {
  if (!Array.isArray(entry) || entry.length !== 4) return false
  const [name, bytes, changedMs, facts] = entry as unknown[]
  const isNamed = typeof name === 'string' && typeof bytes === 'number' && typeof changedMs === 'number'
  return (
    isNamed && typeof facts === 'object' && facts !== null && isComplete(facts as Readonly<Record<string, unknown>>)
  )
}

const texts = ['startedAt', 'verdict'] as const
const ofRun = {texts: ['name', ...texts], figures: ['repetitions', 'opsPerSecond', 'p50Us', 'p99Us', 'errors']}
const ofDrill = {texts: ['drill', 'topology', ...texts], figures: ['rtoMs', 'lostWrites']}

function isComplete(facts: Readonly<Record<string, unknown>>): boolean {
  const {texts: named, figures} = 'drill' in facts ? ofDrill : ofRun
  const areFigures = figures.every(name => facts[name] === null || typeof facts[name] === 'number')
  return areFigures && named.every(name => typeof facts[name] === 'string')
}
