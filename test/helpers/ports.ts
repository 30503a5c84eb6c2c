import {isFree} from '../../src/server/system/free-port.js'

// Neither of those that repbench takes by itself, nor of those that connections get. Every test worker has its own,
// so that a port stays free for its test also where nobody listens on it for a while.
const FIRST_PORT = 12_000
const PORTS_OF_WORKER = 500
const WORKERS = 16

const firstOfWorker = FIRST_PORT + PORTS_OF_WORKER * (Number(process.env.VITEST_POOL_ID ?? 0) % WORKERS)
// Files of tests follow each other in a worker: what the last one leaves behind shall not meet the next.
let next = Math.floor(Math.random() * PORTS_OF_WORKER)

/** A port where nobody listens on these addresses; no other call gets it. */
export function freePort(...hosts: readonly string[]): Promise<number> {
  return freePorts(1, ...hosts)
}

/** The first of so many neighbours where nobody listens. */
export async function freePorts(count: number, ...hosts: readonly string[]): Promise<number> {
  for (let attempt = 0; attempt < PORTS_OF_WORKER; attempt++) {
    if (next + count > PORTS_OF_WORKER) next = 0
    const first = firstOfWorker + next
    next += count
    const ports = Array.from({length: count}, (_, index) => first + index)
    const free = await Promise.all(ports.map(port => isFree(hosts.length > 0 ? hosts : ['127.0.0.1'], port)))
    if (free.every(Boolean)) return first
  }
  throw new Error(`Expected ${count} free ports from ${firstOfWorker} on, got none`)
}
