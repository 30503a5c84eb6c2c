import type {ChildProcess} from 'node:child_process'
import {setTimeout as wait} from 'node:timers/promises'
import {moderateLoad} from './node-loads.ts'
import {PORT, SERVER_CORE, type Server, startNode} from './node-servers.ts'
import {end} from './processes.ts'
import {percentile} from './statistics.ts'
import {TextClient} from './text-client.ts'

const PROBE_EVERY_MS = 5
const KEY = 'lag-probe'

export interface Lag {
  readonly p50Ms: number
  readonly p99Ms: number
  /** Of all probes, those that the first read after STORED found; the times of these are those of the read alone. */
  readonly seenAtOnce: number
}

/** From the answer to a set at the first node until the second one has it, while other clients write at a steady rate. */
export async function measureLag(server: Server, opsPerSecond: number, seconds: number): Promise<Lag> {
  const children: ChildProcess[] = []
  try {
    for (const node of server.nodes) await startNode(node, SERVER_CORE, children)
    // Not what a process that has just started does.
    await moderateLoad(opsPerSecond, seconds)
    const stop = new AbortController()
    const probing = probe(server, stop.signal)
    await moderateLoad(opsPerSecond, seconds)
    stop.abort()
    const probes = await probing
    const lagsMs = probes.map(({ms}) => ms)
    const seenAtOnce = probes.filter(({reads}) => reads === 1).length / probes.length
    return {p50Ms: percentile(lagsMs, 50), p99Ms: percentile(lagsMs, 99), seenAtOnce}
  } finally {
    await end(children)
  }
}

async function probe(server: Server, signal: AbortSignal): Promise<readonly {ms: number; reads: number}[]> {
  const [writer, reader] = await Promise.all(server.nodes.map(({host}) => TextClient.connect(host, PORT)))
  const probes: {ms: number; reads: number}[] = []
  for (let sequence = 1_000_000; !signal.aborted; sequence++) {
    await writer!.ask(`set ${KEY} 0 0 7\r\n${sequence}\r\n`, '\r\n')
    const storedAt = performance.now()
    let reads = 1
    for (; !(await reader!.ask(`get ${KEY}\r\n`, 'END\r\n')).includes(String(sequence)); reads++) {
      // A broken link would never show it.
      if (performance.now() - storedAt > 5000)
        throw new Error(`Expected ${server.name} to replicate, got nothing in 5 s`)
    }
    probes.push({ms: performance.now() - storedAt, reads})
    await wait(PROBE_EVERY_MS)
  }
  writer!.close()
  reader!.close()
  return probes
}
