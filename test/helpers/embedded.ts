import {onTestFinished} from 'vitest'
import type {Address} from '../../src/protocol/address.js'
import {EmbeddedNode} from '../../src/server/embedded/embedded-node.js'
import type {ShutdownMode} from '../../src/server/embedded/node/node-context.js'
import {defaultSettings, type NodeSettings} from '../../src/server/embedded/node/node-settings.js'

export interface RunningNode {
  readonly node: EmbeddedNode
  readonly address: Address
  readonly log: readonly string[]
}

/** Starts an embedded node in this process on a free port; the test's end stops it. */
export async function startEmbedded(
  settings: Partial<NodeSettings> = {},
  onShutdown: (mode: ShutdownMode) => void = () => {},
): Promise<RunningNode> {
  const created = createEmbedded(settings, onShutdown)
  return {...created, address: await created.node.start()}
}

/** As above, but leaves the start to the test. */
export function createEmbedded(
  settings: Partial<NodeSettings> = {},
  onShutdown: (mode: ShutdownMode) => void = () => {},
): Omit<RunningNode, 'address'> {
  const log: string[] = []
  const node = new EmbeddedNode({
    settings: {...defaultSettings, host: '127.0.0.1', port: 0, verbosity: 1, replication: null, ...settings},
    version: '0.0.0-test',
    writeLog: line => log.push(line.trimEnd()),
    onShutdown,
  })
  onTestFinished(() => node.stop())
  return {node, log}
}

/** What the log says from the first client on, until that has gone; its file descriptor is shown as 1. */
export function logFromClient(log: readonly string[]): string[] {
  const first = log.findIndex(line => /^<\d+ new /.test(line))
  const descriptor = /\d+/.exec(log[first] ?? '')?.[0]
  const shown = new RegExp(`^([<>]?|.*close connection )${descriptor}\\b`)
  return log
    .slice(first)
    .filter(line => !line.includes('connection closed'))
    .map(line => line.replace(shown, '$11'))
}
