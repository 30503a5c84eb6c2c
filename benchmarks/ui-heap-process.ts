import {PassThrough} from 'node:stream'
import {mock} from 'node:test'
import {setImmediate as afterImmediates} from 'node:timers/promises'
import {setFlagsFromString} from 'node:v8'
import {runInNewContext} from 'node:vm'
import {fakeWorld} from './ui-fakes.ts'

/**
 * The whole UI on a terminal that throws everything away, with a clock that is
 * turned by hand: an hour of pictures in a minute. Prints the heap after so many
 * pictures as JSON. Argument: the number of pictures.
 */
const {startUi}: typeof import('../src/ui/shell/start-ui.tsx') = await import(
  new URL('../dist/ui/shell/start-ui.js', import.meta.url).href
)
setFlagsFromString('--expose-gc')
const collect: () => void = runInNewContext('gc')

const TICK_MS = 200
const SCREEN_EVERY_TICKS = 250
const HEAP_EVERY_TICKS = 2000
const ticksWanted = Number(process.argv[2] ?? 20_000)

let bytesWritten = 0
const stdout = Object.assign(
  new PassThrough().on('data', (chunk: Buffer) => {
    bytesWritten += chunk.length
  }),
  {isTTY: true, columns: 120, rows: 40},
) as unknown as NodeJS.WriteStream
const stdin = Object.assign(new PassThrough(), {
  isTTY: true,
  setRawMode: () => stdin,
  ref: () => stdin,
  unref: () => stdin,
}) as unknown as NodeJS.ReadStream

mock.timers.enable({apis: ['setInterval', 'setTimeout', 'Date'], now: Date.now()})
const world = fakeWorld()
const ui = startUi({
  ports: world.ports,
  stdin,
  stdout,
  stderr: process.stderr,
  utf8: true,
  fps: 1000 / TICK_MS,
  theme: 'dark',
  readonly: false,
  pair: false,
  stopProcess: async () => false,
  onQuit: () => {},
})

async function passTime(): Promise<void> {
  mock.timers.tick(TICK_MS)
  // React draws in one immediate, Ink writes in the next.
  await afterImmediates()
  await afterImmediates()
}

async function press(key: string): Promise<void> {
  ;(stdin as unknown as PassThrough).write(key)
  await passTime()
}

await passTime()
await press('2')
await press('b')
const heap: {pictures: number; heapBytes: number}[] = []
let pictures = 0
for (let tick = 1; tick <= ticksWanted; tick++) {
  world.tick()
  const before = bytesWritten
  await passTime()
  if (bytesWritten > before) pictures += 1
  // Each screen has its turn.
  if (tick % SCREEN_EVERY_TICKS === 0) await press(tick % (2 * SCREEN_EVERY_TICKS) === 0 ? '2' : ']')
  if (tick % HEAP_EVERY_TICKS === 0) {
    collect()
    heap.push({pictures, heapBytes: process.memoryUsage().heapUsed})
  }
}
process.stdout.write(`${JSON.stringify(heap)}\n`)
await Promise.race([ui.unmount(), afterImmediates()])
process.exit()
