import type {Drill, DrillNeed} from './drill.js'

/** A kind of pair to run a drill on. */
export interface DrillPlace {
  readonly name: string
  /** Options that ask for it. */
  readonly options: string
  /** What it lacks, and why. */
  readonly lacks: Readonly<Partial<Record<DrillNeed, string>>>
}

const everything = {}

const attached: DrillPlace = {
  name: 'running servers',
  options: '--server A --server B',
  lacks: {
    control: 'repbench does not stop, kill or freeze servers that it has not started',
    link: 'their replication link runs past repbench',
    unequalMemory: 'their memory is what it is',
    third: 'their replication port is not known',
  },
}

const relayless =
  'the link can be cut and slowed only where repbench chooses addresses and ports, as a relay is between them'

/** Every kind. */
export const drillPlaces: readonly DrillPlace[] = [
  {name: 'pair', options: '(default)', lacks: everything},
  {name: 'resilient pair', options: '--resilient', lacks: everything},
  {name: 'repcached', options: '--topology repcached', lacks: everything},
  {name: 'mixed', options: '--topology mixed', lacks: everything},
  {name: 'mixed-reverse', options: '--topology mixed-reverse', lacks: everything},
  {name: 'one address', options: '--one-address', lacks: {link: relayless}},
  attached,
]

/** Why a drill can't be run on a kind of pair; null where it can. */
export function whyNot({needs = []}: Pick<Drill, 'needs'>, {lacks}: Pick<DrillPlace, 'lacks'>): string | null {
  const missing = needs.find(need => lacks[need] !== undefined)
  return missing === undefined ? null : lacks[missing]!
}

/** Why a drill can't be run on servers that run already; null where it can. */
export function whyNotAttached(drill: Pick<Drill, 'needs'>): string | null {
  return whyNot(drill, attached)
}
