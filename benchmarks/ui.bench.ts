import {spawn} from 'node:child_process'
import {createServer} from 'node:net'
import {parseArgs} from 'node:util'
import {binPath, end, untilOpen} from './processes.ts'
import {markdownTable} from './statistics.ts'
import {measureCpu} from './ui-cpu.ts'
import {measureFirstFrame} from './ui-first-frame.ts'
import {measureHeap} from './ui-heap.ts'
import {measureKeys} from './ui-keys.ts'
import {measureOverhead} from './ui-overhead.ts'
import {serverCommand, type UiFigure} from './ui-session.ts'

/**
 * What the terminal UI costs, measured on the built program in a pseudo-terminal.
 * Options: --only first-frame,keys,cpu,overhead,heap; --profile NAME (the load of
 * keys and cpu), --overhead-profile NAME, --rounds N and
 * --fps N (of overhead), --json.
 */
const {values: options} = parseArgs({
  options: {
    only: {type: 'string', default: 'first-frame,keys,cpu,overhead,heap'},
    profile: {type: 'string', default: 'seed'},
    'overhead-profile': {type: 'string', default: 'seed'},
    rounds: {type: 'string', default: '5'},
    fps: {type: 'string', default: '5'},
    json: {type: 'boolean', default: false},
  },
})

const {profile} = options

const measurements: Readonly<Record<string, () => Promise<readonly UiFigure[]>>> = {
  'first-frame': measureFirstFrame,
  keys: () => withServer(async server => [await measureKeys({server, profile})]),
  cpu: () => withServer(server => measureCpu({server, profile})),
  overhead: () =>
    withServer(server =>
      measureOverhead({
        server,
        profile: options['overhead-profile'],
        rounds: Number(options.rounds),
        fps: Number(options.fps),
      }),
    ),
  heap: measureHeap,
}

async function withServer<T>(use: (server: string) => Promise<T>): Promise<T> {
  const port = await freePort()
  const [program, ...args] = serverCommand(port, binPath)
  const children = [spawn(program, args, {stdio: 'ignore'})]
  try {
    await untilOpen('127.0.0.1', port)
    return await use(`127.0.0.1:${port}`)
  } finally {
    await end(children)
  }
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise(resolve => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error(`Expected a port, got ${address}`)
  return address.port
}

const figures: UiFigure[] = []
for (const name of options.only.split(',')) {
  const measure = measurements[name]
  if (measure === undefined) throw new Error(`Expected one of ${Object.keys(measurements).join(', ')}, got ${name}`)
  process.stderr.write(`${name} …\n`)
  figures.push(...(await measure()))
}
const rows = figures.map(({what, got, target, kept}) => [what, got, target, kept ? 'yes' : 'no'])
const table = markdownTable([['what', 'measured', 'target', 'kept'], ...rows])
process.stdout.write(options.json ? `${JSON.stringify(figures, null, 2)}\n` : `${table}\n`)
