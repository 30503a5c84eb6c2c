import {type ChildProcess, spawn} from 'node:child_process'
import {createInterface} from 'node:readline'
import {afterEach, expect, it} from 'vitest'
import {catchesSignal, isAlive} from '../../helpers/processes.js'
import {waitFor} from '../../helpers/wait-for.js'

// Runs the built module: the parent that is killed here must be a process of its own.
const parentProgram = `
  import {spawn} from 'node:child_process'
  import {Watchdog} from '${new URL('../../../dist/server/process/watchdog.js', import.meta.url)}'
  const watchdog = new Watchdog()
  const nodes = [1, 2, 3].map(() => spawn('sleep', ['600'], {detached: true, stdio: 'ignore'}))
  for (const {pid} of nodes) watchdog.add({pid, name: 'n', commandLine: 'sleep 600'})
  watchdog.remove(nodes[2].pid)
  process.on('SIGUSR2', () => console.log(JSON.stringify({watchdog: watchdog.pid ?? null})))
  console.log(JSON.stringify({watchdog: watchdog.pid, nodes: nodes.map(({pid}) => pid)}))
  setInterval(() => {}, 1000)
`

const SIGHUP = 1

interface Family {
  parent: ChildProcess
  lines: AsyncIterator<string>
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
  const lines = createInterface({input: parent.stdout!})[Symbol.asyncIterator]()
  const {value: line = ''} = await lines.next()
  const family = {parent, lines, ...(JSON.parse(line) as Omit<Family, 'parent' | 'lines'>)}
  started.push(family.watchdog, ...family.nodes)
  return family
}

it('kills every node, a stopped one too, when the parent is killed with SIGKILL', async () => {
  const {parent, watchdog, nodes} = await startFamily()
  process.kill(nodes[1], 'SIGSTOP')
  parent.kill('SIGKILL')
  await waitFor(() => {
    expect(isAlive(nodes[0])).toBe(false)
    expect(isAlive(nodes[1])).toBe(false)
    expect(isAlive(watchdog)).toBe(false)
  })
  // Removed: nobody's business any more.
  expect(isAlive(nodes[2])).toBe(true)
})

it('outlives SIGTERM and SIGHUP, which a terminal or a job control may send', async () => {
  const {parent, watchdog, nodes} = await startFamily()
  // Node itself catches SIGTERM from the start, in order to die of it; SIGHUP is caught by the helper alone.
  await waitFor(() => expect(catchesSignal(watchdog, SIGHUP)).toBe(true))
  process.kill(watchdog, 'SIGTERM')
  process.kill(watchdog, 'SIGHUP')
  parent.kill('SIGKILL')
  await waitFor(() => expect(isAlive(nodes[0])).toBe(false))
})

it('has a new helper when somebody kills it, which knows the same nodes', async () => {
  const {parent, lines, watchdog, nodes} = await startFamily()
  process.kill(watchdog, 'SIGKILL')
  let successor: number | null = null
  await waitFor(async () => {
    parent.kill('SIGUSR2')
    const {value = ''} = await lines.next()
    ;({watchdog: successor} = JSON.parse(value) as {watchdog: number | null})
    expect(successor).not.toBeNull()
    expect(successor).not.toBe(watchdog)
  })
  started.push(successor!)
  parent.kill('SIGKILL')
  await waitFor(() => {
    expect(isAlive(nodes[0])).toBe(false)
    expect(isAlive(nodes[1])).toBe(false)
    expect(isAlive(successor!)).toBe(false)
  })
  expect(isAlive(nodes[2])).toBe(true)
})
