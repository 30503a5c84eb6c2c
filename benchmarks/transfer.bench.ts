// How fast items are moved from one memcached to another, beside a loop in C that does the same and libmemcached's tools.
import {spawnSync} from 'node:child_process'
import {once} from 'node:events'
import {mkdtempSync, readdirSync, readFileSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {text} from 'node:stream/consumers'
import {setTimeout as wait} from 'node:timers/promises'
import {fileURLToPath} from 'node:url'
import {parseArgs} from 'node:util'
import {LOAD_CORE, SERVER_CORE} from './node-servers.ts'
import {binPath, cpuSeconds, end, startPinned, untilOpen} from './processes.ts'
import {markdownTable, median} from './statistics.ts'
import {TextClient} from './text-client.ts'

const help = `Usage: npm run bench:transfer -- [options]

Moves all items of a memcached to an empty one: repbench copy, dump and restore, and copy-loop.c (which needs a C
compiler), in turns; both servers on one core, what moves on another. Each ratio is of one round.
MEMCACHED_BIN names the servers, MEMCDUMP_BIN, MEMCCAT_BIN and MEMCCP_BIN libmemcached's tools: memcdump lists keys,
memccat writes each into a file, memccp reads the files.

  --items N       default 1,000,000
  --bytes N       of a value (default 1024)
  --rounds N      default 3
  --tool-items N  how many the tools of libmemcached move (default 1000)
  --port N        first of two ports (default 23500)
`

const {values} = parseArgs({
  options: {
    items: {type: 'string', default: '1000000'},
    bytes: {type: 'string', default: '1024'},
    rounds: {type: 'string', default: '3'},
    'tool-items': {type: 'string', default: '1000'},
    port: {type: 'string', default: '23500'},
    help: {type: 'boolean', default: false},
  },
})

const HOST = '127.0.0.1'
const ITEM_OVERHEAD_BYTES = 200
const FILL_BATCH = 500
/** memcached takes whatever was written in the second of a flush_all for older than it. */
const FLUSH_MS = 1200
const LOOK_MS = 20

interface Moved {
  readonly name: string
  readonly seconds: number
  readonly cpuSeconds: number | null
  readonly peakMegabytes: number | null
  /** What it printed. */
  readonly said: string
}

interface Mover {
  readonly name: string
  readonly program: string
  readonly args: readonly string[]
  /** Whether it needs the server that is written to, empty. */
  readonly fills: boolean
}

async function main(): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'repbench-transfer-'))
  const [items, bytes, from] = [Number(values.items), Number(values.bytes), Number(values.port)]
  const to = from + 1
  const megabytes = Math.ceil((items * (bytes + ITEM_OVERHEAD_BYTES) * 1.3) / 1024 / 1024) + 64
  const servers = [from, to].map(port => startServer(port, megabytes))
  try {
    for (const port of [from, to]) await untilOpen(HOST, port)
    await fill(from, {items, bytes})
    const movers = moversOf(directory, {from, to})
    const rounds: Moved[][] = []
    for (let round = 1; round <= Number(values.rounds); round++) {
      const moved: Moved[] = []
      for (const mover of movers) {
        if (mover.fills) await flush(to)
        else rmSync(dumpOf(directory), {force: true})
        moved.push(await measure(mover))
        if (mover.fills) await expectItems(to, items, mover.name)
      }
      process.stderr.write(
        `round ${round}: ${moved.map(({name, seconds}) => `${name} ${seconds.toFixed(2)} s`).join(', ')}\n`,
      )
      rounds.push(moved)
    }
    const tools = await libmemcached(directory, {from, to})
    print({items, bytes, rounds, tools})
  } finally {
    await end(servers)
    rmSync(directory, {recursive: true})
  }
}

function startServer(port: number, megabytes: number) {
  const asRoot = process.getuid?.() === 0 ? ['-u', 'root'] : []
  const args = ['-l', HOST, '-p', String(port), '-U', '0', '-t', '1', '-m', String(megabytes), ...asRoot]
  return startPinned({core: SERVER_CORE, program: process.env.MEMCACHED_BIN ?? 'memcached', args})
}

/** Each in its turn; the loop is what the others are compared with. */
function moversOf(directory: string, {from, to}: {from: number; to: number}): readonly Mover[] {
  const loop = join(directory, 'copy-loop')
  const source = fileURLToPath(new URL('copy-loop.c', import.meta.url))
  const {status, error} = spawnSync('cc', ['-O2', '-o', loop, source], {stdio: 'inherit'})
  if (status !== 0) throw new Error(`Expected a C compiler that builds ${source}, got ${error ?? 'none'}`)
  const [a, b] = [from, to].map(port => `${HOST}:${port}`) as [string, string]
  const file = dumpOf(directory)
  const fast = ['--rate', 'unlimited', '--bytes-per-second', 'unlimited', '--json']
  const repbench = (name: string, args: readonly string[], fills: boolean): Mover => {
    return {name: `repbench ${name}`, program: process.execPath, args: [binPath, ...args, ...fast], fills}
  }
  return [
    {name: 'loop in C', program: loop, args: [String(from), String(to)], fills: true},
    repbench('copy', ['copy', a, b], true),
    repbench('dump', ['dump', a, '-o', file], false),
    repbench('restore', ['restore', file, b], true),
  ]
}

function dumpOf(directory: string): string {
  return join(directory, 'items.dump')
}

async function measure({name, program, args}: Mover): Promise<Moved> {
  const startMs = performance.now()
  const child = startPinned({core: LOAD_CORE, program, args})
  let peakMegabytes: number | null = null
  let cpu: number | null = null
  const looking = setInterval(() => {
    peakMegabytes = peakOf(child.pid!) ?? peakMegabytes
    cpu = cpuSeconds([child]) ?? cpu
  }, LOOK_MS)
  const [said, told] = await Promise.all([text(child.stdout!), text(child.stderr!), once(child, 'close')])
  clearInterval(looking)
  if (child.exitCode !== 0) throw new Error(`Expected exit 0 of ${name}, got ${child.exitCode}: ${said}${told}`)
  return {name, seconds: (performance.now() - startMs) / 1000, cpuSeconds: cpu, peakMegabytes, said}
}

function peakOf(pid: number): number | null {
  try {
    const kilobytes = /^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
    return kilobytes === undefined ? null : Number(kilobytes) / 1024
  } catch {
    return null
  }
}

async function fill(port: number, {items, bytes}: {items: number; bytes: number}): Promise<void> {
  const client = await TextClient.connect(HOST, port)
  const value = Buffer.alloc(bytes, 'value ')
  const lineEnd = Buffer.from('\r\n')
  const expires = Math.floor(Date.now() / 1000) + 24 * 3600
  for (let at = 0; at < items; at += FILL_BATCH) {
    const count = Math.min(FILL_BATCH, items - at)
    const sets = Array.from({length: count}, (_, index) => {
      const key = at + index
      // noreply: the last of the batch answers for all.
      const quiet = index === count - 1 ? '' : ' noreply'
      return [Buffer.from(`set key:${key} ${key % 7} ${expires + (key % 1000)} ${bytes}${quiet}\r\n`), value, lineEnd]
    })
    await client.ask(Buffer.concat(sets.flat()), 'STORED\r\n')
  }
  client.close()
  await expectItems(port, items, 'the filling')
}

async function flush(port: number): Promise<void> {
  const client = await TextClient.connect(HOST, port)
  await client.ask('flush_all\r\n', 'OK\r\n')
  client.close()
  await wait(FLUSH_MS)
}

/** What was flushed is counted as well, until it is written over. */
async function expectItems(port: number, items: number, after: string): Promise<void> {
  const client = await TextClient.connect(HOST, port)
  const counted = Number(/STAT curr_items (\d+)/.exec(await client.ask('stats\r\n', 'END\r\n'))?.[1])
  client.close()
  if (counted !== items) throw new Error(`Expected ${items} items after ${after}, got ${counted}`)
}

interface ToolsMoved {
  readonly listed: number
  readonly items: number
  readonly seconds: number
  /** Without the processes of memccat, one for each key. */
  readonly copySeconds: number
}

/** @returns null where the tools are not named */
async function libmemcached(directory: string, {from, to}: {from: number; to: number}): Promise<ToolsMoved | null> {
  const {MEMCDUMP_BIN: dump, MEMCCAT_BIN: cat, MEMCCP_BIN: copy} = process.env
  if (dump === undefined || cat === undefined || copy === undefined) return null
  await flush(to)
  const run = (program: string, args: readonly string[]) => {
    return spawnSync(program, args, {cwd: directory, maxBuffer: 2 ** 30, encoding: 'latin1'}).stdout
  }
  const startMs = performance.now()
  const listed = run(dump, [`--servers=${HOST}:${from}`])
    .split('\n')
    .filter(Boolean)
  const keys = listed.slice(0, Number(values['tool-items']))
  for (const key of keys) run(cat, [`--servers=${HOST}:${from}`, `--file=${key}`, key])
  const copyMs = performance.now()
  run(copy, [`--servers=${HOST}:${to}`, ...readdirSync(directory).filter(name => name.startsWith('key:'))])
  const endMs = performance.now()
  return {
    listed: listed.length,
    items: keys.length,
    seconds: (endMs - startMs) / 1000,
    copySeconds: (endMs - copyMs) / 1000,
  }
}

interface Printed {
  readonly items: number
  readonly bytes: number
  readonly rounds: readonly (readonly Moved[])[]
  readonly tools: ToolsMoved | null
}

function print({items, bytes, rounds, tools}: Printed): void {
  const rows = rounds[0]!.map(({name}, place) => {
    const of = (figure: (moved: Moved) => number | null) => median(rounds.map(round => figure(round[place]!)))
    const seconds = of(moved => moved.seconds)!
    const ratio = median(rounds.map(round => round[0]!.seconds / round[place]!.seconds))!
    const cpu = of(moved => moved.cpuSeconds)
    const peak = of(moved => moved.peakMegabytes)
    const figures = [seconds.toFixed(2), Math.round(items / seconds).toLocaleString('en'), ratio.toFixed(2)]
    return [name, ...figures, cpu?.toFixed(2) ?? '–', peak?.toFixed(0) ?? '–']
  })
  const what = `${items.toLocaleString('en')} items of ${bytes.toLocaleString('en')} B`
  const header = [what, 'seconds', 'items/s', '× the loop', 'CPU, s', 'peak MB']
  process.stdout.write(`${markdownTable([header, ...rows])}\n`)
  if (tools === null) return
  const {listed, seconds, copySeconds} = tools
  const copy = rounds.map(round => items / round.find(({name}) => name === 'repbench copy')!.seconds)
  const rate = tools.items / seconds
  process.stdout.write(
    `\nlibmemcached: memcdump lists ${listed.toLocaleString('en')} of ${items.toLocaleString('en')}; ` +
      `${tools.items.toLocaleString('en')} items by memccat and memccp in ${seconds.toFixed(2)} s, ` +
      `${Math.round(rate).toLocaleString('en')} items/s (memccp alone ${Math.round(tools.items / copySeconds).toLocaleString('en')}), ` +
      `repbench copy ${(median(copy)! / rate).toFixed(0)} ×\n`,
  )
}

if (values.help) process.stdout.write(help)
else await main()
