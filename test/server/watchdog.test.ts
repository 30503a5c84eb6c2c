import {type ChildProcess, spawn} from 'node:child_process'
import {once} from 'node:events'
import {createInterface} from 'node:readline'
import {afterEach, expect, it, vi} from 'vitest'
import {catchesSignal, isAlive} from '../helpers/processes.js'

// Runs the built module: the parent that is killed here must be a process of its own.
const parentProgram = `
  import {spawn} from 'node:child_process'
  import {Watchdog} from '${new URL('../../dist/server/watchdog.js', import.meta.url)}'
  const watchdog = new Watchdog()
  const nodes = [1, 2, 3].map(() => spawn('sleep', ['600'], {detached: true, stdio: 'ignore'}))
  for (const {pid} of nodes) watchdog.add(pid)
  watchdog.remove(nodes[2].pid)
  console.log(JSON.stringify({watchdog: watchdog.pid, nodes: nodes.map(({pid}) => pid)}))
  setInterval(() => {}, 1000)
`

const SIGHUP = 1

interface Family {
  parent: ChildProcess
  watchdog: number
  nodes: [number, number, number]
}

const started: number[] = []

afterEach(() => {
  for (const pid of started.splice(0)) {
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      // Gone, as it should be.
    }
  }
})

async function startFamily(): Promise<Family> {
  const parent = spawn(process.execPath, ['--input-type=module', '-e', parentProgram], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  started.push(parent.pid!)
  const [line] = await once(createInterface({input: parent.stdout!}), 'line')
  const family = {parent, ...(JSON.parse(line) as Omit<Family, 'parent'>)}
  started.push(family.watchdog, ...family.nodes)
  return family
}

it('kills every node, a stopped one too, when the parent is killed with SIGKILL', async () => {
  const {parent, watchdog, nodes} = await startFamily()
  process.kill(nodes[1], 'SIGSTOP')
  parent.kill('SIGKILL')
  await vi.waitFor(() => {
    expect(isAlive(nodes[0])).toBe(false)
    expect(isAlive(nodes[1])).toBe(false)
    expect(isAlive(watchdog)).toBe(false)
  }, 10_000)
  // Removed: nobody's business any more.
  expect(isAlive(nodes[2])).toBe(true)
})

it('outlives SIGTERM and SIGHUP, which a terminal or a job control may send', async () => {
  const {parent, watchdog, nodes} = await startFamily()
  // Node itself catches SIGTERM from the start, in order to die of it; SIGHUP is caught by the helper alone.
  await vi.waitFor(() => expect(catchesSignal(watchdog, SIGHUP)).toBe(true), 10_000)
  process.kill(watchdog, 'SIGTERM')
  process.kill(watchdog, 'SIGHUP')
  parent.kill('SIGKILL')
  await vi.waitFor(() => expect(isAlive(nodes[0])).toBe(false), 10_000)
})
