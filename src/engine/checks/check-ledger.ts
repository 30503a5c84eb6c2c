import {setTimeout as delay} from 'node:timers/promises'
import type {Address} from '../../protocol/address.js'
import {formatKey} from '../key-text.js'
import type {LoadPlan} from '../plan.js'
import {largestSize} from '../sizes.js'
import {LostWrites} from '../verify/lost-writes.js'
import {makeFiller} from '../verify/value-format.js'
import type {VerifyAssignment} from '../verify/verifier.js'
import {VersionLedger} from '../verify/version-ledger.js'
import {type HeldColumns, heldKinds, LedgerReader} from './ledger-reader.js'
import {type Finding, type FindingKind, findingKinds, type Held, judgeKey, type KeyRecord} from './ledger-verdict.js'

/** Keys read at a time from both nodes: bounds the memory that a check takes. */
const CHUNK_KEYS = 50_000
const EXAMPLES_MAX = 10
/** What is not as it should be is read again: a write may have been on its way between the nodes. */
const RECHECKS = 3

export interface LedgerCheckOptions {
  readonly plan: LoadPlan
  /** What the load was run with. */
  readonly verify: VerifyAssignment
  /** One node, or both of a pair. */
  readonly nodes: readonly [NamedNode] | readonly [NamedNode, NamedNode]
  /** How long something must be wrong to count, in ms. @default 1000 */
  readonly settleMs?: number
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: {checked: number; keys: number}) => void
  /** Called for everything that stayed wrong. */
  readonly onFinding?: (finding: NamedFinding) => void
}

interface NamedNode {
  readonly name: string
  readonly address: Address
}

/** Something wrong with a key, in words. */
interface NamedFinding {
  readonly key: string
  readonly kind: FindingKind
  readonly text: string
}

export interface LedgerCheck {
  /** Names of A and B. */
  readonly nodes: readonly string[]
  /** Keys that were written or at least tried. */
  readonly keys: number
  readonly intact: number
  readonly findings: Readonly<Record<FindingKind, number>>
  /** Acknowledged writes that are on no node, versions that later ones replaced among them: RPO in writes. */
  readonly lostWrites: number
  readonly worstStaleVersions: number
  readonly examples: readonly NamedFinding[]
  readonly seconds: number
}

interface Wrong {
  readonly key: number
  readonly finding: Finding
  readonly held: readonly Held[]
}

/**
 * Reads every key of a load's ledger from the nodes and says what became of
 * what was acknowledged. The load must have ended.
 * @throws NodeUnreadableError when a node does not answer
 */
export async function checkLedger(options: LedgerCheckOptions): Promise<LedgerCheck> {
  const {settleMs = 1000, signal} = options
  const startMs = performance.now()
  const check = new Check(options)
  try {
    const keys = check.writtenKeys()
    let wrong = await check.examine(keys, options.onProgress)
    for (let round = 0; round < RECHECKS && wrong.length > 0; round++) {
      await delay(settleMs / RECHECKS, undefined, signal === undefined ? {} : {signal})
      wrong = await check.examine(Uint32Array.from(wrong, ({key}) => key))
    }
    return {...check.describe(keys.length, wrong), seconds: (performance.now() - startMs) / 1000}
  } finally {
    check.close()
  }
}

class Check {
  readonly #options: LedgerCheckOptions
  readonly #ledger: VersionLedger
  readonly #lost: LostWrites
  readonly #readers: readonly LedgerReader[]

  constructor(options: LedgerCheckOptions) {
    const {plan, verify, nodes} = options
    this.#options = options
    this.#ledger = new VersionLedger(verify.ledger)
    this.#lost = new LostWrites(verify.lost)
    const format = {keyPrefix: plan.keyPrefix, runId: verify.runId, filler: makeFiller(largestSize(plan.sizes))}
    this.#readers = nodes.map(({address}) => new LedgerReader(address, {format}))
  }

  writtenKeys(): Uint32Array {
    const count = this.#options.plan.keyCount ?? 0
    const keys = new Uint32Array(count)
    let written = 0
    for (let key = 1; key <= count; key++) if (this.#ledger.sent(key) > 0) keys[written++] = key
    return keys.subarray(0, written)
  }

  async examine(keys: Uint32Array, onProgress?: LedgerCheckOptions['onProgress']): Promise<Wrong[]> {
    const wrong: Wrong[] = []
    for (let at = 0; at < keys.length; at += CHUNK_KEYS) {
      this.#options.signal?.throwIfAborted()
      const chunk = keys.subarray(at, at + CHUNK_KEYS)
      const columns = await Promise.all(this.#readers.map(reader => reader.read(chunk)))
      for (const [place, key] of chunk.entries()) {
        const held = columns.map(column => heldAt(column, place)) as [Held] | [Held, Held]
        const finding = judgeKey(this.#record(key), held)
        if (finding !== null) wrong.push({key, finding, held})
      }
      onProgress?.({checked: at + chunk.length, keys: keys.length})
    }
    return wrong
  }

  describe(keys: number, wrong: readonly Wrong[]): Omit<LedgerCheck, 'seconds'> {
    const findings = Object.fromEntries(findingKinds.map(kind => [kind, 0])) as Record<FindingKind, number>
    let lostWrites = 0
    let worstStaleVersions = 0
    for (const {finding} of wrong) {
      findings[finding.kind]++
      lostWrites += finding.lostVersions
      worstStaleVersions = Math.max(worstStaleVersions, finding.staleVersions)
    }
    const {onFinding, nodes} = this.#options
    if (onFinding !== undefined) for (const one of wrong) onFinding(this.#name(one))
    return {
      nodes: nodes.map(({name}) => name),
      keys,
      intact: keys - wrong.length,
      findings,
      lostWrites,
      worstStaleVersions,
      examples: wrong.slice(0, EXAMPLES_MAX).map(one => this.#name(one)),
    }
  }

  close(): void {
    for (const reader of this.#readers) reader.close()
  }

  #record(key: number): KeyRecord {
    return {
      acknowledged: this.#ledger.acknowledged(key),
      sent: this.#ledger.sent(key),
      mayBeAbsent: this.#ledger.mayBeAbsent(key) || this.#lost.hasDelete(key),
      mayReturn: version => this.#lost.has(key, version),
    }
  }

  #name({key, finding, held}: Wrong): NamedFinding {
    const {plan, nodes} = this.#options
    const found = held.map((one, index) => `${nodes[index]!.name} ${describeHeld(one)}`)
    const {acknowledged, sent} = this.#record(key)
    const text = `acknowledged version ${acknowledged} of ${sent} sent; ${found.join(', ')}`
    return {key: formatKey(plan.keyPrefix, key), kind: finding.kind, text}
  }
}

function heldAt({kinds, versions, flags}: HeldColumns, place: number): Held {
  return {kind: heldKinds[kinds[place]!]!, version: versions[place]!, flags: flags[place]!}
}

function describeHeld({kind, version, flags}: Held): string {
  switch (kind) {
    case 'absent':
      return 'has nothing'
    case 'ours':
      return `has version ${version}${flags === 0 ? '' : ` with flags ${flags}`}`
    case 'foreign':
      return 'has a value of another key or run'
    case 'corrupt':
      return 'has a corrupt value'
  }
}
