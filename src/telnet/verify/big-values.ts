import type {VerifyNode} from './nodes.js'
import {Probing, type ProbingOptions} from './probing.js'
import type {StepResult} from './run-verify.js'

/** From 1 to 1000 KB; the largest value that memcached takes with its defaults is a little above. */
const SIZES_KB = [1, 3, 10, 30, 100, 200, 350, 500, 750, 1000]

interface BigValuesOptions extends ProbingOptions {
  readonly first: VerifyNode
  readonly second: VerifyNode
  /** Put before every key. */
  readonly prefix: string
  readonly onStep: (result: StepResult) => void
}

/**
 * Writes big values on both nodes at the same time, each on a connection of its own: under different keys, which must
 * all be alike on both in the end, then under the same keys, where nothing is promised.
 * @returns the result, and the keys that were written
 */
export async function checkBigValues(options: BigValuesOptions): Promise<{results: StepResult[]; keys: string[]}> {
  const {first, second, prefix, onStep} = options
  const probing = new Probing(options)
  const results: StepResult[] = []
  const end = (result: StepResult): void => {
    results.push(result)
    onStep(result)
  }
  const ofFirst = items(`${prefix}big-first`, 1)
  const ofSecond = items(`${prefix}big-second`, 2)
  const shared = [items(`${prefix}big-same`, 3), items(`${prefix}big-same`, 4)] as const
  try {
    const outcomes = await atOnce(probing, [
      {from: first, to: second, written: ofFirst},
      {from: second, to: first, written: ofSecond},
    ])
    for (const outcome of outcomes) end(outcome)
    end(await sameKeys(probing, {first, second, shared}))
  } finally {
    probing.close()
  }
  return {results, keys: [...ofFirst, ...ofSecond, ...shared[0]].map(({key}) => key)}
}

interface BigItem {
  readonly key: string
  readonly value: string
}

interface Way {
  readonly from: VerifyNode
  readonly to: VerifyNode
  readonly written: readonly BigItem[]
}

async function atOnce(probing: Probing, ways: readonly Way[]): Promise<StepResult[]> {
  const problems = await Promise.all(ways.map(({from, written}) => writeAll(probing, from, written)))
  return await Promise.all(
    ways.map(async ({from, to, written}, index): Promise<StepResult> => {
      const step = `${written.length} big values at once`
      const problem = problems[index] ?? (await firstMissing(probing, to, written))
      const base = {step, from: from.name, to: to.name, lagUs: null, goneAfterMs: null}
      if (problem !== null) return {...base, verdict: 'fail', reason: problem, note: null}
      return {...base, verdict: 'pass', reason: null, note: `${SIZES_KB.at(0)} to ${SIZES_KB.at(-1)} KB`}
    }),
  )
}

/** Says whether the nodes agree in the end; that they don't is no fault: repcached has no order between its nodes. */
async function sameKeys(
  probing: Probing,
  {first, second, shared}: {first: VerifyNode; second: VerifyNode; shared: readonly [BigItem[], BigItem[]]},
): Promise<StepResult> {
  const base = {
    step: 'the same keys at once',
    from: first.name,
    to: second.name,
    lagUs: null,
    goneAfterMs: null,
    note: null,
  }
  const problems = await Promise.all([writeAll(probing, first, shared[0]), writeAll(probing, second, shared[1])])
  const problem = problems.find(text => text !== null) ?? (await settle(probing, {first, second, shared}))
  if (problem !== undefined && problem !== null) return {...base, verdict: 'fail', reason: problem}
  let differing = 0
  for (const [index, {key, value}] of shared[0].entries()) {
    const held = [first, second].map(node => probing.ask(node, `get ${key}\r\n`))
    const [a, b] = await Promise.all(held)
    const written = [value, shared[1][index]!.value].map(text => found(key, text))
    if (!written.includes(a!) || !written.includes(b!)) {
      return {...base, verdict: 'fail', reason: `${key} is neither of the two values that were written`}
    }
    if (a !== b) differing++
  }
  const agreement = differing === 0 ? 'the nodes agree' : `the nodes differ on ${differing} of ${shared[0].length}`
  return {...base, verdict: 'pass', reason: null, note: `${agreement}; repcached does not promise that they agree`}
}

/** A later write has crossed each way, so all earlier ones have. */
async function settle(
  probing: Probing,
  {first, second, shared}: {first: VerifyNode; second: VerifyNode; shared: readonly [BigItem[], BigItem[]]},
): Promise<string | null> {
  const {key} = shared[0][0]!
  const last = [first, second].map((from, index) => {
    const to = index === 0 ? second : first
    return {from, to, written: [{key: `${key}-end${index}`, value: 'x'}]}
  })
  for (const {from, written} of last) {
    const problem = await writeAll(probing, from, written)
    if (problem !== null) return problem
  }
  for (const {to, written} of last) {
    const problem = await firstMissing(probing, to, written)
    if (problem !== null) return problem
  }
  for (const {from, written} of last) await probing.ask(from, `delete ${written[0]!.key}\r\n`)
  return null
}

/** @returns what went wrong, or null */
async function writeAll(probing: Probing, node: VerifyNode, written: readonly BigItem[]): Promise<string | null> {
  const replies = await Promise.all(
    written.map(({key, value}) => probing.askAlone(node, `set ${key} 0 0 ${value.length}\r\n${value}\r\n`)),
  )
  const refused = replies.find(reply => reply !== 'STORED\r\n')
  return refused === undefined ? null : `${node.name} answered '${refused.trim()}' to a set`
}

async function firstMissing(probing: Probing, node: VerifyNode, written: readonly BigItem[]): Promise<string | null> {
  for (const {key, value} of written) {
    if (await probing.becomes(node, `get ${key}\r\n`, found(key, value))) continue
    return `${node.name} does not have the ${value.length} bytes of ${key} within ${probing.waitLimitMs} ms`
  }
  return null
}

function found(key: string, value: string): string {
  return `VALUE ${key} 0 ${value.length}\r\n${value}\r\nEND\r\n`
}

/** Every byte there is, line ends among them, other ones for each seed. */
function items(prefix: string, seed: number): BigItem[] {
  return SIZES_KB.map(kilobytes => {
    const bytes = Buffer.alloc(kilobytes * 1000)
    for (let at = 0; at < bytes.length; at++) bytes[at] = at * 31 + (at >> 8) * seed + seed
    return {key: `${prefix}-${kilobytes}k`, value: bytes.toString('latin1')}
  })
}

/** Deletes keys on both nodes, as far as these still answer. */
export async function forgetKeys(
  {first, second}: {first: VerifyNode; second: VerifyNode},
  keys: readonly string[],
  options: ProbingOptions,
): Promise<void> {
  const probing = new Probing(options)
  try {
    for (const node of [first, second]) for (const key of keys) await probing.ask(node, `delete ${key}\r\n`)
  } catch {
    // The steps have said what is wrong.
  } finally {
    probing.close()
  }
}
