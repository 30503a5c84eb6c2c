import type {ChildProcess} from 'node:child_process'
import {setTimeout as wait} from 'node:timers/promises'
import {LOAD_CORE, PORT, SERVER_CORE, type Server, startNode} from './node-servers.ts'
import {end} from './processes.ts'
import {percentile} from './statistics.ts'
import {TextClient} from './text-client.ts'

const SETS_PER_REQUEST = 500
const PROBE_EVERY_MS = 1

export interface FullSync {
  /** From the joiner's start until it takes clients. */
  readonly seconds: number
  /** Of a get at the source meanwhile. */
  readonly p99Ms: number
}

/** Fills the first node, then starts the second beside it: how long it copies, and what a client of the first feels. */
export async function measureFullSync(server: Server, items: number, valueBytes: number): Promise<FullSync> {
  const [source, joiner] = server.nodes
  const children: ChildProcess[] = []
  const stop = new AbortController()
  try {
    await startNode(source!, SERVER_CORE, children)
    const client = await TextClient.connect(source!.host, PORT)
    await fill(client, items, valueBytes)
    const probing = probe(client, items, stop.signal)
    const startedAt = performance.now()
    await startNode(joiner!, LOAD_CORE, children)
    const seconds = (performance.now() - startedAt) / 1000
    stop.abort()
    const latenciesMs = await probing
    await expectItems(joiner!.host, items)
    client.close()
    return {seconds, p99Ms: percentile(latenciesMs, 99)}
  } finally {
    stop.abort()
    await end(children)
  }
}

const keyOf = (index: number) => `sync:${index.toString().padStart(8, '0')}`

async function fill(client: TextClient, items: number, valueBytes: number): Promise<void> {
  const rest = ` 0 0 ${valueBytes} noreply\r\n${'v'.repeat(valueBytes)}\r\n`
  for (let from = 0; from < items; from += SETS_PER_REQUEST) {
    const to = Math.min(items, from + SETS_PER_REQUEST)
    let request = ''
    for (let index = from; index < to; index++) request += `set ${keyOf(index)}${rest}`
    await client.ask(`${request}version\r\n`, '\r\n')
  }
}

async function probe(client: TextClient, items: number, signal: AbortSignal): Promise<readonly number[]> {
  const latenciesMs: number[] = []
  while (!signal.aborted) {
    const key = keyOf(Math.floor(Math.random() * items))
    const startedAt = performance.now()
    await client.ask(`get ${key}\r\n`, 'END\r\n')
    latenciesMs.push(performance.now() - startedAt)
    await wait(PROBE_EVERY_MS)
  }
  return latenciesMs
}

/** A sync that lost something must not count as a quick one. */
async function expectItems(host: string, items: number): Promise<void> {
  const client = await TextClient.connect(host, PORT)
  const stats = await client.ask('stats\r\n', 'END\r\n')
  client.close()
  const got = Number(/STAT curr_items (\d+)/.exec(stats)?.[1])
  if (got !== items) throw new Error(`Expected ${items} items after the full sync, got ${got}`)
}
