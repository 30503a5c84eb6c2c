import type {NodeFigures} from '../stats/node-figures.js'

/** Both nodes at about the same moment. */
export interface PairFigures {
  /** Monotonic ms. */
  readonly atMs: number
  readonly nodes: readonly [NodeFigures, NodeFigures]
  /** What we ourselves have stored on either so far. */
  readonly ownSets: number
}

/** What may be on its way, or counted a moment apart, is no difference: the writes of so long. */
const IN_FLIGHT_SECONDS = 0.25

/**
 * Whether the nodes of a pair seem to hold different things, by what they count: items now, bytes now (of two nodes of one
 * program), and what each has stored since the watch began. Expired items and commands such as touch make counters part,
 * too: it is for whoever suspects to look at keys.
 */
export class PartingSuspicion {
  #base: PairFigures | null = null
  #before: PairFigures | null = null
  #latest: PairFigures | null = null

  add(figures: PairFigures): void {
    this.#base ??= figures
    this.#before = this.#latest
    this.#latest = figures
  }

  /** Counts from the next figures on: other processes, or what was suspected was nothing. */
  restart(): void {
    this.#base = null
    this.#before = null
    this.#latest = null
  }

  /** Items that both nodes store in a second, on average, without our own; null before the second figures. */
  get storesPerSecond(): number | null {
    const [before, latest] = [this.#before, this.#latest]
    if (before === null || latest === null) return null
    const [first, second] = latest.nodes.map((node, index) => grown(before.nodes[index]!, node))
    const others = Math.max(0, (first! + second!) / 2 - (latest.ownSets - before.ownSets))
    return others / Math.max(0.001, (latest.atMs - before.atMs) / 1000)
  }

  /** Whether one of the differences lasts: the same way in the two newest figures, beyond what may be on its way. */
  get isSuspicious(): boolean {
    const [base, before, latest, rate] = [this.#base, this.#before, this.#latest, this.storesPerSecond]
    if (base === null || before === null || latest === null || rate === null) return false
    const inFlight = rate * IN_FLIGHT_SECONDS
    const lasts = (differenceOf: (figures: PairFigures) => number | null, tolerance: number): boolean => {
      const [then, now] = [differenceOf(before), differenceOf(latest)]
      if (then === null || now === null || Math.sign(then) !== Math.sign(now)) return false
      return Math.min(Math.abs(then), Math.abs(now)) > tolerance
    }
    const stored = ({nodes}: PairFigures) => grown(base.nodes[0], nodes[0]) - grown(base.nodes[1], nodes[1])
    return lasts(itemsApart, inFlight) || lasts(stored, inFlight) || lasts(bytesApart, inFlight * meanItemBytes(latest))
  }
}

function itemsApart({nodes: [first, second]}: PairFigures): number | null {
  return first.items === null || second.items === null ? null : first.items - second.items
}

/** Two programs need different numbers of bytes for the same item. */
function bytesApart({nodes: [first, second]}: PairFigures): number | null {
  const sameProgram = first.version === second.version && first.repcachedVersion === second.repcachedVersion
  if (!sameProgram || first.memoryBytes === null || second.memoryBytes === null) return null
  return first.memoryBytes - second.memoryBytes
}

function meanItemBytes({nodes}: PairFigures): number {
  const bytes = nodes.reduce((sum, {memoryBytes}) => sum + (memoryBytes ?? 0), 0)
  const items = nodes.reduce((sum, node) => sum + (node.items ?? 0), 0)
  return items === 0 ? 0 : bytes / items
}

/** Never below 0: after `stats reset` it counts from 0 again. */
function grown(before: NodeFigures, after: NodeFigures): number {
  return Math.max(0, (after.totalItems ?? 0) - (before.totalItems ?? 0))
}
