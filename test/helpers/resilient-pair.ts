import {connect, createServer, type Server, type Socket} from 'node:net'
import {expect, onTestFinished} from 'vitest'
import type {Address} from '../../src/protocol/address.js'
import {
  defaultSettings,
  type NodeSettings,
  type ReplicationSettings,
} from '../../src/server/embedded/node/node-settings.js'
import {converse} from './converse.js'
import {type RunningNode, startEmbedded} from './embedded.js'
import {freePort} from './ports.js'
import {waitFor} from './wait-for.js'

const host = '127.0.0.1'

/** What lies between two nodes: a relay whose cable can be cut and mended. */
export class Cable {
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  #cut = false

  private constructor(port: number, target: number) {
    this.#server = createServer(near => {
      if (this.#cut) {
        near.destroy()
        return
      }
      const far = connect(target, host)
      for (const [from, to] of [
        [near, far],
        [far, near],
      ] as const) {
        this.#sockets.add(from)
        from.on('error', () => {})
        from.on('close', () => to.destroy())
        from.pipe(to)
      }
    })
    this.#server.listen(port, host)
  }

  static async between(target: number): Promise<{cable: Cable; port: number}> {
    const port = await freePort()
    const cable = new Cable(port, target)
    onTestFinished(() => {
      cable.#server.close()
      cable.cut()
    })
    return {cable, port}
  }

  cut(): void {
    this.#cut = true
    for (const socket of this.#sockets) socket.destroy()
    this.#sockets.clear()
  }

  mend(): void {
    this.#cut = false
  }
}

/** Settings of a resilient node. */
export function replication(
  options: Partial<ReplicationSettings> & Pick<ReplicationSettings, 'connectPort' | 'listenPort'>,
): Pick<NodeSettings, 'replication'> {
  return {replication: {...defaultSettings.replication!, peerHost: host, resilient: true, ...options}}
}

export interface ResilientPair {
  readonly a: RunningNode
  readonly b: RunningNode
  /** Ends the link; settles when both nodes have noticed. */
  cut(): Promise<void>
  /** Settles when both nodes are paired again. */
  mend(): Promise<void>
}

/** Two resilient nodes; each dials the other through a cable of its own. */
export async function startResilientPair(): Promise<ResilientPair> {
  const [first, second] = [await freePort(), await freePort()]
  const toFirst = await Cable.between(first)
  const toSecond = await Cable.between(second)
  const a = await startEmbedded(replication({connectPort: toSecond.port, listenPort: first}))
  const b = await startEmbedded(replication({connectPort: toFirst.port, listenPort: second}))
  await paired(a, b)
  const cables = [toFirst.cable, toSecond.cable]
  return {
    a,
    b,
    async cut() {
      for (const cable of cables) cable.cut()
      await waitFor(async () => {
        expect(await linkOf(a.address)).not.toBe('paired')
        expect(await linkOf(b.address)).not.toBe('paired')
      })
    },
    async mend() {
      for (const cable of cables) cable.mend()
      await paired(a, b)
    },
  }
}

export async function linkOf(address: Address): Promise<string | undefined> {
  return /STAT link (\w+)/.exec(await converse(address, 'stats repbench\r\n'))?.[1]
}

export async function paired(...nodes: readonly Pick<RunningNode, 'address'>[]): Promise<void> {
  await waitFor(async () => {
    for (const {address} of nodes) expect(await linkOf(address)).toBe('paired')
  })
}

/** Waits until every node answers the command so. */
export async function bothSay(nodes: readonly RunningNode[], command: string, answer: string): Promise<void> {
  await waitFor(async () => {
    for (const {address} of nodes) expect(await converse(address, command)).toBe(answer)
  })
}
