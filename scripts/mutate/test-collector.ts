import {format} from 'node:util'
import './vitest-state.ts'
import * as vitest from 'vitest'

/**
 * What tests get as `vitest` when mutants run: expect and vi are vitest's own; tests are
 * only collected here, to be run again and again in the same process.
 */
export const {expect, vi} = vitest

type Body = (...values: unknown[]) => unknown
type Hook = () => unknown

class Suite {
  readonly name: string
  readonly parent: Suite | undefined
  readonly beforeAll: Hook[] = []
  readonly beforeEach: Hook[] = []
  readonly afterEach: Hook[] = []
  readonly afterAll: Hook[] = []

  constructor(name: string, parent?: Suite) {
    this.name = name
    this.parent = parent
  }

  /** From the file's down to this. */
  get line(): readonly Suite[] {
    return this.parent === undefined ? [this] : [...this.parent.line, this]
  }
}

export interface CollectedTest {
  readonly id: string
  readonly name: string
  readonly file: string
  /** Of 1 on. */
  readonly line: number
  readonly column: number
  readonly suites: readonly Suite[]
  readonly body: Body
}

let tests: CollectedTest[] = []
let names = new Map<string, number>()
let file = ''
let suite = new Suite('')
let finished: Hook[] = []

/** @param load imports the test file, whose calls of describe and test come here */
export async function collect(testFile: string, load: () => Promise<unknown>): Promise<CollectedTest[]> {
  tests = []
  names = new Map()
  file = testFile
  suite = new Suite('')
  await load()
  return tests
}

/** Runs a test with its hooks. */
export async function runTest({suites, body}: CollectedTest): Promise<void> {
  finished = []
  const errors: unknown[] = []
  try {
    for (const {beforeEach} of suites) for (const hook of beforeEach) await hook()
    await body({})
  } catch (error) {
    errors.push(error)
  }
  const after = [...suites].reverse().flatMap(({afterEach}) => [...afterEach].reverse())
  for (const hook of [...after, ...finished.reverse()]) {
    try {
      await hook()
    } catch (error) {
      errors.push(error)
    }
  }
  if (errors.length > 0) throw errors[0]
}

/** Where the test file called describe or test. */
function place(): {line: number; column: number} {
  for (const frame of (new Error().stack ?? '').split('\n')) {
    const found = /\.test\.tsx?[^:]*:(\d+):(\d+)/.exec(frame)
    if (found !== null) return {line: Number(found[1]), column: Number(found[2])}
  }
  return {line: 1, column: 1}
}

function add(title: string, body: Body): void {
  const suites = suite.line
  const full = [...suites.map(({name}) => name), title].filter(part => part !== '').join(' > ')
  const before = names.get(full) ?? 0
  names.set(full, before + 1)
  const name = before === 0 ? full : `${full} (${before + 1})`
  tests.push({id: `${file}#${name}`, name, file, ...place(), suites, body})
}

function group(title: string, body: Body): void {
  const outer = suite
  suite = new Suite(title, outer)
  body()
  suite = outer
}

/** The name of a row of `each`: `$name` is of the row, `%s` and the like take its values in turn. */
function titleOf(title: string, row: unknown): string {
  const named = title.replaceAll(/\$(\w+)/g, (whole, key: string) =>
    typeof row === 'object' && row !== null && key in row ? String((row as Record<string, unknown>)[key]) : whole,
  )
  const places = named.match(/%[sdifjoO]/g)?.length ?? 0
  return format(named, ...(Array.isArray(row) ? row : [row]).slice(0, places))
}

/** Other arguments are time limits, of which the runner has its own. */
function bodyOf(rest: readonly unknown[]): Body {
  const body = rest.find(argument => typeof argument === 'function')
  if (body === undefined) throw new Error('Expected a function with the test, got none')
  return body as Body
}

function chainable(define: (title: string, body: Body) => void) {
  const call = (title: string, ...rest: unknown[]): void => define(title, bodyOf(rest))
  const skip = (): void => {}
  return Object.assign(call, {
    skip,
    skipIf: (condition: unknown) => (condition ? skip : call),
    runIf: (condition: unknown) => (condition ? call : skip),
    each:
      (rows: readonly unknown[]) =>
      (title: string, ...rest: unknown[]): void => {
        const body = bodyOf(rest)
        for (const row of rows) define(titleOf(title, row), () => (Array.isArray(row) ? body(...row) : body(row)))
      },
  })
}

export const test = chainable(add)
export const it = test
export const describe = chainable(group)

export function beforeAll(hook: Hook): void {
  suite.beforeAll.push(hook)
}

export function afterAll(hook: Hook): void {
  suite.afterAll.push(hook)
}

export function beforeEach(hook: Hook): void {
  suite.beforeEach.push(hook)
}

export function afterEach(hook: Hook): void {
  suite.afterEach.push(hook)
}

export function onTestFinished(hook: Hook): void {
  finished.push(hook)
}
