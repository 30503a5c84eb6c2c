import {OwnTraffic} from '../../ask/own-traffic.js'
import type {LagEvent} from '../../engine/lag/lag-event.js'
import {LagProbe, type StopOptions} from '../../engine/lag/lag-probe.js'
import {LinkProbe} from '../../engine/lag/link-probe.js'
import {assertNever} from '../../protocol/errors.js'
import type {LagSample, ProbedNode} from '../../server/node-api/pair-probe.js'
import {StatsWatch} from '../../server/observe/stats-watch.js'
import type {FromProbeThread, LagTarget, ProbeTarget, ToProbeThread} from './messages.js'
import {shiftEvent, shiftEvidence, shiftLag, shiftSample} from './shift-times.js'

/** A write takes a dozen replies to be found: what they say goes out as one. */
const POST_INTERVAL_MS = 5
/** A load can wait for its lag; each message costs the thread that takes the load's reports. */
const LAG_POST_INTERVAL_MS = 20

interface Closable {
  close(options: StopOptions): Promise<void>
}

/** The probes' side of the thread. @returns what takes its messages */
export function runProbes(post: (message: FromProbeThread) => void): (message: ToProbeThread) => void {
  const probes = new Map<number, Closable>()
  const closing = new Map<number, AbortController>()
  const watches = new Map<number, StatsWatch>()
  const close = async (pair: number, drainMs: number | undefined): Promise<void> => {
    const hurry = new AbortController()
    const probe = probes.get(pair)
    probes.delete(pair)
    closing.set(pair, hurry)
    await probe?.close({...(drainMs === undefined ? {} : {drainMs}), signal: hurry.signal})
    closing.delete(pair)
    post({type: 'closed', pair})
  }
  const pollNow = async ({polls, request}: Extract<ToProbeThread, {type: 'pollNow'}>): Promise<void> => {
    const samples = (await watches.get(polls)?.pollNow()) ?? []
    post({type: 'polled', request, samples: samples.map(sample => shiftSample(sample, performance.timeOrigin))})
  }
  return message => {
    switch (message.type) {
      case 'open': {
        const probe = openProbe(message, post)
        probes.set(message.pair, probe)
        probe.start()
        break
      }
      case 'openLag':
        probes.set(message.pair, openLag(message, post))
        break
      case 'openPolls': {
        const watch = openPolls(message, post)
        watches.set(message.polls, watch)
        watch.start()
        break
      }
      case 'poll':
        watches.get(message.polls)?.poll()
        break
      case 'pollNow':
        void pollNow(message)
        break
      case 'closePolls':
        watches.get(message.polls)?.close()
        watches.delete(message.polls)
        break
      case 'close':
        void close(message.pair, message.drainMs)
        break
      case 'hurry':
        closing.get(message.pair)?.abort()
        break
      default:
        assertNever(message)
    }
  }
}

function openProbe(
  {pair, nodes, intervalMs}: Extract<ToProbeThread, {type: 'open'}>,
  post: (message: FromProbeThread) => void,
): LinkProbe {
  let lags: LagSample[] = []
  let isDue = false
  const tellSoon = () => {
    if (isDue) return
    isDue = true
    setTimeout(() => {
      isDue = false
      const [there, back] = probe.evidence
      const byMs = performance.timeOrigin
      post({
        type: 'news',
        pair,
        evidence: [shiftEvidence(there, byMs), shiftEvidence(back, byMs)],
        lags: lags.map(sample => shiftLag(sample, byMs)),
      })
      lags = []
    }, POST_INTERVAL_MS)
  }
  const probe = new LinkProbe({
    nodes: [targetHere(nodes[0]), targetHere(nodes[1])],
    ...(intervalMs === undefined ? {} : {intervalMs}),
    onLag(sample) {
      lags.push(sample)
      tellSoon()
    },
    onEvidence: tellSoon,
  })
  return probe
}

function openLag(
  {pair, nodes}: Extract<ToProbeThread, {type: 'openLag'}>,
  post: (message: FromProbeThread) => void,
): Closable {
  let events: LagEvent[] = []
  const tell = () => {
    if (events.length === 0) return
    post({type: 'lag', pair, events})
    events = []
  }
  const [a, b] = nodes.map(({address, traffic}: LagTarget) => ({address, traffic: counterOf(traffic)}))
  const probe = new LagProbe({
    a: a!,
    b: b!,
    onEvent: event => events.push(shiftEvent(event, performance.timeOrigin)),
  })
  const timer = setInterval(tell, LAG_POST_INTERVAL_MS)
  return {
    async close(options) {
      await probe.stop(options)
      clearInterval(timer)
      tell()
    },
  }
}

function openPolls(
  {polls, nodes, type: _, ...options}: Extract<ToProbeThread, {type: 'openPolls'}>,
  post: (message: FromProbeThread) => void,
): StatsWatch {
  return new StatsWatch({
    ...options,
    nodes: nodes.map(targetHere),
    onSample: (sample, inTurn) =>
      post({type: 'sample', polls, sample: shiftSample(sample, performance.timeOrigin), inTurn}),
  })
}

function targetHere({traffic, ...node}: ProbeTarget): ProbedNode {
  return {...node, traffic: counterOf(traffic)}
}

function counterOf(memory: SharedArrayBuffer): OwnTraffic {
  return new OwnTraffic({memory, thread: 'probes'})
}
