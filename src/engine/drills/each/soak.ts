import {messageOf} from '../../../protocol/errors.js'
import {
  type Drill,
  type DrillCluster,
  type DrillNeed,
  type DrillTools,
  recoveredPair,
  SOAK_FAULTS,
  type SoakFault,
} from '../contract/drill.js'

/** Shares of the hold time: a fault is shorter than a call's usual time-out, so that no client gives a frozen node up. */
const HOLD_FROM = 0.1
const HOLD_TO = 0.45

export const soak: Drill = {
  name: 'soak',
  summary:
    'random faults one after another, drawn from the seed: kill, stop or freeze either node, cut or slow the link',
  needs: ['control'],
  wants: ['link'],
  isSoak: true,
  undoes: true,
  async fault(tools) {
    const {cluster, clock, extent, journal, random} = tools
    const names = soakFaults(cluster).map(({name}) => name)
    journal.say(`draws from ${names.join(', ')}`)
    const goesOn = untilEnough(extent)
    for (const drawn of drawFaults({names, holdMs: clock.holdMs, random})) {
      if (!goesOn(drawn.number)) return
      const fault = await inject(tools, drawn)
      journal.record(fault)
      if (fault.wholeAfterMs === null) return
      await clock.sleep(drawn.pauseMs)
    }
  },
  async recover() {},
  assertions: ['rpo<1s', ...recoveredPair],
  advice: 'The pair did not recover from the fault that is named last; the drill of its name says what to do.',
}

function untilEnough({durationMs, faults}: DrillTools['extent']): (number: number) => boolean {
  const limitMs = durationMs === null ? Number.POSITIVE_INFINITY : performance.now() + durationMs
  const most = faults ?? (durationMs === null ? SOAK_FAULTS : Number.POSITIVE_INFINITY)
  return number => number <= most && performance.now() < limitMs
}

/** One fault of a soak, as the seed draws it. */
type DrawnFault = Pick<SoakFault, 'number' | 'fault' | 'holdMs' | 'pauseMs'>

/**
 * The faults of a soak and the pauses between them, without end. The same
 * numbers give the same sequence, however long each recovery takes.
 */
export function* drawFaults(source: {
  names: readonly string[]
  holdMs: number
  random: () => number
}): Generator<DrawnFault, never> {
  const {names, holdMs, random} = source
  const between = (from: number, to: number): number => Math.round(holdMs * (from + (to - from) * random()))
  for (let number = 1; ; number++) {
    const fault = names[Math.floor(random() * names.length)]!
    yield {number, fault, holdMs: between(HOLD_FROM, HOLD_TO), pauseMs: between(HOLD_FROM, 1)}
  }
}

async function inject(tools: DrillTools, drawn: DrawnFault): Promise<SoakFault> {
  const {cluster, clock, journal, signal, watch} = tools
  const {number, fault: name, holdMs, pauseMs} = drawn
  const t = clock.now()
  journal.say(`fault ${number}: ${name} for ${holdMs} ms, then a pause of ${pauseMs} ms`)
  try {
    await soakFaults(cluster)
      .find(kind => kind.name === name)!
      .run(tools, holdMs)
  } catch (error) {
    signal.throwIfAborted()
    const problem = messageOf(error)
    return {...drawn, t, wholeAfterMs: null, problem}
  }
  const wholeAfterMs = await watch.untilRecovered()
  if (wholeAfterMs === null) journal.say(`the pair did not recover from fault ${number}, ${name}`)
  return {...drawn, t, wholeAfterMs, problem: null}
}

/** Injects a fault, holds it and undoes it, as an operator would. */
interface SoakFaultKind {
  readonly name: string
  readonly needs: DrillNeed
  run(tools: Pick<DrillTools, 'cluster' | 'clock'>, holdMs: number): Promise<void>
}

type Side = 'master' | 'slave'

function restart(signal: 'kill' | 'term', side: Side): SoakFaultKind {
  return {
    name: `${signal}-${side}`,
    needs: 'control',
    async run({cluster, clock}, holdMs) {
      const node = cluster[side]
      await (signal === 'kill' ? node.kill() : node.stop())
      await clock.sleep(holdMs)
      await node.start()
    },
  }
}

function freeze(side: Side): SoakFaultKind {
  return {
    name: `freeze-${side}`,
    needs: 'control',
    async run({cluster, clock}, holdMs) {
      cluster[side].pause()
      try {
        await clock.sleep(holdMs)
      } finally {
        cluster[side].resume()
      }
    },
  }
}

const cutLink: SoakFaultKind = {
  name: 'cut-link',
  needs: 'link',
  async run({cluster, clock}, holdMs) {
    cluster.link!.cut()
    try {
      await clock.sleep(holdMs)
    } finally {
      cluster.link!.restore()
    }
    // No node reconnects by itself: the one with the older data, which the clients did not write to, is restarted.
    if (cluster.resilient) return
    await cluster.slave.stop()
    await cluster.slave.start()
  },
}

const slowLink: SoakFaultKind = {
  name: 'slow-link',
  needs: 'link',
  async run({cluster, clock}, holdMs) {
    cluster.link!.slow({delayMs: 50, bytesPerSecond: 1_000_000})
    try {
      await clock.sleep(holdMs)
    } finally {
      cluster.link!.restore()
    }
  },
}

const kinds: readonly SoakFaultKind[] = [
  restart('kill', 'slave'),
  restart('kill', 'master'),
  restart('term', 'slave'),
  restart('term', 'master'),
  freeze('slave'),
  freeze('master'),
  cutLink,
  slowLink,
]

/** The faults that a pair can have: those of its link only where it runs through a relay. */
export function soakFaults(cluster: Pick<DrillCluster, 'link'>): readonly SoakFaultKind[] {
  return cluster.link === null ? kinds.filter(({needs}) => needs !== 'link') : kinds
}
