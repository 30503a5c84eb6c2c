import {once} from 'node:events'
import {describe, expect, it, onTestFinished} from 'vitest'
import {runRepbench, startRepbench} from '../../../helpers/run-repbench.js'
import {waitFor} from '../../../helpers/wait-for.js'
import {CountingMemcached} from '../../../instruments/counting-memcached.js'

async function counting(gets: number, hits: number): Promise<CountingMemcached> {
  const node = await CountingMemcached.open(() => ({gets, hits, sets: 0}))
  onTestFinished(() => node.close())
  return node
}

const serverOf = ({port}: CountingMemcached) => `127.0.0.1:${port}`

/** Of all pairs of moments at which the node was asked, how far the nearest to a window is from it, in seconds. */
function offBy(askedAtMs: readonly number[], seconds: number): number {
  const gaps = askedAtMs.flatMap((from, index) => askedAtMs.slice(index + 1).map(to => (to - from) / 1000))
  return Math.min(...gaps.map(gap => Math.abs(gap - seconds)))
}

describe('repbench top --once --json', () => {
  it.each([
    [[], 1],
    [['--interval', '300ms'], 0.3],
  ] as const)('with %j has rates of the whole window, between two samples of the node', async (args, seconds) => {
    const node = await counting(4000, 3000)
    const {stdout} = await runRepbench(['top', '--once', '--json', ...args, serverOf(node)])
    const {windowSeconds, nodes} = JSON.parse(stdout.toString())
    const {rates} = nodes[0]
    expect(windowSeconds).toBe(seconds)
    expect(rates.seconds).toBeGreaterThan(seconds * 0.99)
    expect(offBy(node.askedAtMs, rates.seconds)).toBeLessThan(0.1)
    expect(Math.abs(rates.gets / 4000 - 1)).toBeLessThan(0.3)
    expect(rates.hitRatio).toBeCloseTo(0.75, 2)
  })
})

describe('repbench top --json', () => {
  it('is a document a line, each of its own interval, until Ctrl-C', async () => {
    const node = await counting(4000, 3000)
    const child = startRepbench(['top', '--json', '--interval', '200ms', serverOf(node)])
    onTestFinished(() => void child.kill('SIGKILL'))
    let text = ''
    child.stdout!.on('data', chunk => {
      text += String(chunk)
    })
    await waitFor(() => expect(text.split('\n').length).toBeGreaterThan(4))
    const exited = once(child, 'exit')
    child.kill('SIGINT')
    expect((await exited)[0]).toBe(130)
    expect(text.at(-1)).toBe('\n')
    const documents = text
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line))
    for (const {schema, windowSeconds, nodes} of documents) {
      expect([schema, windowSeconds]).toEqual(['repbench.top/1', 0.2])
      expect(nodes[0].rates.seconds).toBeGreaterThan(0.09)
      expect(offBy(node.askedAtMs, nodes[0].rates.seconds)).toBeLessThan(0.1)
    }
    const ends = documents.map(({nodes}) => nodes[0].figures.counters.gets)
    expect(ends.toSorted((a, b) => a - b)).toEqual(ends)
    expect(new Set(ends).size).toBe(ends.length)
  })

  it('ends well when its reader goes away', async () => {
    const node = await counting(100, 50)
    const child = startRepbench(['top', '--json', '--interval', '100ms', serverOf(node)])
    onTestFinished(() => void child.kill('SIGKILL'))
    let stderr = ''
    child.stderr!.on('data', chunk => {
      stderr += String(chunk)
    })
    const exited = once(child, 'exit')
    await once(child.stdout!, 'data')
    child.stdout!.destroy()
    expect((await exited)[0]).toBe(0)
    expect(stderr).toBe('')
  })
})

it('HIT % of all nodes is of all their gets together', async () => {
  // 9,000 gets with 8,100 hits and 1,000 with 100: 82 %, where the mean of the two is 50 %.
  const [busy, idle] = [await counting(9000, 8100), await counting(1000, 100)]
  const {stdout} = await runRepbench(['top', '--once', '--json', serverOf(busy), serverOf(idle)])
  const {average, total, nodes} = JSON.parse(stdout.toString())
  expect(nodes.map(({columns}: {columns: {hitRatio: number}}) => columns.hitRatio.toFixed(1))).toEqual(['0.9', '0.1'])
  for (const {hitRatio} of [average, total]) expect(hitRatio).toBeCloseTo(0.82, 1)
})
