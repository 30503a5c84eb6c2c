import {LinkProbe} from '../../../engine/lag/link-probe.js'
import type {NodeEvent} from '../../../server/node-api/node-event.js'
import {LinkWatch} from '../../../server/observe/link-watch.js'
import {findThirdListener} from '../../../server/topology/third-process.js'
import {launchTopology, type Topology} from '../../../server/topology/topology.js'
import type {CliContext} from '../../app/context.js'
import {exitCodes} from '../../app/exit-codes.js'
import {jsonLine} from '../../app/json-text.js'
import {exitCodeOfSignal} from '../../app/shutdown.js'
import {type NodeOptions, readLaunchOptions} from '../../options/node-options.js'
import {readUpCommands} from './stdin-commands.js'
import {eventLines, topologyLines, upDocument} from './up-report.js'

const LOOK_EVERY_MS = 1000
const EXPLAIN_AGAIN_AFTER_MS = 60_000

export interface UpOptions extends NodeOptions {
  readonly json?: true
  readonly third?: true
  readonly commands?: true
  /** False with --no-probe. */
  readonly probe?: boolean
}

/** `repbench up`: runs until a signal comes. */
export async function runUp(name: string, options: UpOptions, context: CliContext): Promise<number> {
  const {shutdown, stdout, stderr, version} = context
  const events = new EventPrinter(options, context)
  const topology = await launchTopology({
    ...readLaunchOptions(options, context),
    name,
    third: options.third,
    usualPorts: true,
    onEvent: event => events.add(event),
  })
  shutdown.add(() => topology.close())
  if (options.json) stdout.write(jsonLine(upDocument(topology, version)))
  else stdout.write(`${topologyLines(topology).join('\n')}\n`)
  events.start()
  const stopLooking = lookForThirdListener(topology)
  const watch = watchLink(topology, {probe: options.probe ?? true, onEvent: event => events.add(event)})
  if (options.commands)
    readUpCommands({
      input: context.stdin,
      topology,
      truth: () => watch?.truth ?? null,
      signal: shutdown.signal,
      say: line => void stderr.write(`${line}\n`),
    })
  await untilAborted(AbortSignal.any([shutdown.signal, context.outputs.stdout.failed]))
  stopLooking()
  events.finish()
  await watch?.close()
  if (!options.json) stdout.write('stopping every node\n')
  await topology.close()
  // Without a signal: nobody reads any more what is told.
  return shutdown.received === undefined ? exitCodes.pass : exitCodeOfSignal(shutdown.received)
}

/** Whether the pair really replicates, whatever its logs say; null where there is none. */
function watchLink(
  {pair}: Topology,
  {probe, onEvent}: {probe: boolean; onEvent: (event: NodeEvent) => void},
): LinkWatch | null {
  if (pair === null) return null
  const watch = new LinkWatch({
    nodes: [pair.master, pair.slave],
    makeProbe: probe ? options => new LinkProbe(options) : null,
  })
  watch.onEvent(onEvent)
  watch.start()
  return watch
}

/** What happens because the nodes are told to end is no news. */
const toldAtTheEnd: ReadonlySet<NodeEvent['kind']> = new Set(['stopped', 'crashed'])

/** Those of the start are told after the addresses, which are what everybody waits for. */
class EventPrinter {
  readonly #print: (event: NodeEvent) => void
  #early: NodeEvent[] | null = []
  #ending = false
  readonly #explainedAtMs = new Map<NodeEvent['kind'], number>()

  constructor({json}: UpOptions, {stdout, stderr}: CliContext) {
    // One document on stdout and nothing else: with --json, events are diagnostics.
    this.#print = json
      ? event => void stderr.write(jsonLine(event))
      : event => void stdout.write(`${eventLines(event, {explain: this.#isNews(event)}).join('\n')}\n`)
  }

  add(event: NodeEvent): void {
    if (this.#ending && !toldAtTheEnd.has(event.kind)) return
    if (this.#early === null) this.#print(event)
    else this.#early.push(event)
  }

  start(): void {
    const early = this.#early ?? []
    this.#early = null
    for (const event of early) this.#print(event)
  }

  finish(): void {
    this.#ending = true
  }

  /** Whoever has just read what an event means need not read it again. */
  #isNews({kind, monotonicMs}: NodeEvent): boolean {
    const lastMs = this.#explainedAtMs.get(kind)
    if (lastMs !== undefined && monotonicMs - lastMs < EXPLAIN_AGAIN_AFTER_MS) return false
    this.#explainedAtMs.set(kind, monotonicMs)
    return true
  }
}

/** A third process that repbench has not started tells nothing; its socket does. */
function lookForThirdListener({replication, nodes}: Topology): () => void {
  if (replication === null) return () => {}
  const own = () => new Set(nodes.map(node => node.status().pid))
  let seen: number | null = null
  let told: number | null = null
  const look = () => {
    const found = findThirdListener(replication)
    const pid = found === null || own().has(found.holder.pid) ? null : found.holder.pid
    // Seen twice: the first time may be a moment before the pair's own listener is shut.
    if (found !== null && pid !== null && pid === seen && pid !== told) {
      told = pid
      const {address, holder} = found
      const text = `${holder.program} (pid ${pid}) listens on its replication port ${address.host}:${address.port} while the pair is linked`
      const member =
        replication.find(({replicationAddress}) => replicationAddress.host === address.host) ?? replication[0]
      member.node.report('thirdProcess', text, {holderPid: pid, holder: holder.program})
    }
    seen = pid
  }
  const timer = setInterval(look, LOOK_EVERY_MS)
  return () => clearInterval(timer)
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    signal.addEventListener('abort', () => resolve(), {once: true})
    if (signal.aborted) resolve()
  })
}
