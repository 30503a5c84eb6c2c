import type {ProbeObserver} from '../../engine/lag-probe.js'
import {assertNever, messageOf} from '../../protocol/errors.js'
import {askNode} from '../../server/ask-node.js'
import type {LagSample} from '../../server/probe-direction.js'
import {ProbePair} from '../../server/probe-pair.js'
import {OwnTraffic} from '../../server/stats-own-traffic.js'
import type {FromProbeThread, LagTarget, ProbeTarget, ToProbeThread} from './messages.js'
import {shiftEvidence, shiftSample} from './shift-times.js'

/** A write takes a dozen replies to be found: what they say goes out as one. */
const POST_INTERVAL_MS = 5

interface Closable {
  close(): Promise<void>
}

/** The probes' side of the thread. @returns what takes its messages */
export function runProbes(post: (message: FromProbeThread) => void): (message: ToProbeThread) => void {
  const probes = new Map<number, Closable>()
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
      case 'ask':
        void ask(message).then(post)
        break
      case 'close': {
        const {pair} = message
        const probe = probes.get(pair)
        probes.delete(pair)
        void (probe?.close() ?? Promise.resolve()).then(() => post({type: 'closed', pair}))
        break
      }
      default:
        assertNever(message)
    }
  }
}

function openProbe(
  {pair, nodes, intervalMs}: Extract<ToProbeThread, {type: 'open'}>,
  post: (message: FromProbeThread) => void,
): ProbePair {
  const target = ({traffic, ...node}: ProbeTarget) => ({...node, traffic: new OwnTraffic(traffic)})
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
        lags: lags.map(sample => shiftSample(sample, byMs)),
      })
      lags = []
    }, POST_INTERVAL_MS)
  }
  const probe = new ProbePair({
    nodes: [target(nodes[0]), target(nodes[1])],
    ...(intervalMs === undefined ? {} : {intervalMs}),
    onLag(sample) {
      lags.push(sample)
      tellSoon()
    },
    onEvidence: tellSoon,
  })
  return probe
}

/** The engine is loaded when a lag is to be measured. */
function openLag(
  {pair, nodes}: Extract<ToProbeThread, {type: 'openLag'}>,
  post: (message: FromProbeThread) => void,
): Closable {
  const [a, b] = nodes
  const started = import('../../engine/lag-probe.js').then(
    ({LagProbe}) =>
      new LagProbe({
        a: a.address,
        b: b.address,
        observers: [observerOf(a), observerOf(b)],
        onSample: sample => post({type: 'lag', pair, sample: {...sample, atMs: sample.atMs + performance.timeOrigin}}),
      }),
  )
  return {
    async close() {
      await (await started).stop()
    },
  }
}

async function ask({
  question,
  address,
  command,
  timeoutMs,
}: Extract<ToProbeThread, {type: 'ask'}>): Promise<FromProbeThread> {
  const startedMs = performance.now()
  try {
    const lines = await askNode(address, command, {timeoutMs})
    const endedMs = performance.now()
    const atMs = endedMs + performance.timeOrigin
    return {type: 'answered', question, lines, atMs, roundTripMs: endedMs - startedMs}
  } catch (error) {
    return {type: 'notAnswered', question, problem: messageOf(error)}
  }
}

function observerOf({traffic: memory}: LagTarget): ProbeObserver {
  const traffic = new OwnTraffic(memory)
  return {
    asked: requestBytes => traffic.asked(requestBytes),
    answered({write, hit, bytes}) {
      if (write) traffic.count('sets')
      else traffic.countGet(hit)
      traffic.answered(bytes)
    },
    failed: () => traffic.notAnswered(),
  }
}
