import type {Drill, DrillNeed} from './drill.js'

/** A kind of pair that drills can be run on. */
export interface DrillTarget {
  readonly name: string
  /** Options that ask for it. */
  readonly options: string
  /** What it lacks, and why. */
  readonly lacks: Readonly<Partial<Record<DrillNeed, string>>>
}

const nothing = {}

const runningServers: DrillTarget = {
  name: 'running servers',
  options: '--server A --server B',
  lacks: {
    control: 'repbench does not stop, kill or freeze servers that it has not started',
    link: 'their replication link does not run through a relay of repbench',
    unequalMemory: 'their memory sizes are fixed',
    third: 'their replication port is unknown',
  },
}

const noRelay =
  'the link can be cut and slowed only through a relay, which needs addresses and ports chosen by repbench'

export const drillTargets: readonly DrillTarget[] = [
  {name: 'pair', options: '(default)', lacks: nothing},
  {name: 'resilient pair', options: '--resilient', lacks: nothing},
  {name: 'repcached', options: '--topology repcached', lacks: nothing},
  {name: 'mixed', options: '--topology mixed', lacks: nothing},
  {name: 'mixed-reverse', options: '--topology mixed-reverse', lacks: nothing},
  {name: 'one address', options: '--one-address', lacks: {link: noRelay}},
  runningServers,
]

/** Why a drill cannot be run on a kind of pair; null when it can. */
export function whyNot({needs = []}: Pick<Drill, 'needs'>, {lacks}: Pick<DrillTarget, 'lacks'>): string | null {
  const missing = needs.find(need => lacks[need] !== undefined)
  return missing === undefined ? null : lacks[missing]!
}

/** Why a drill cannot be run on servers that are already running; null when it can. */
export function whyNotAttached(drill: Pick<Drill, 'needs'>): string | null {
  return whyNot(drill, runningServers)
}
