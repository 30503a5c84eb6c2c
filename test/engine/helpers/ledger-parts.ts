import {formatKey, parseKey} from '../../../src/engine/data/key-text.js'
import {makeFiller} from '../../../src/engine/data/value-format.js'
import type {LoadPlan} from '../../../src/engine/plan/plan.js'
import {AckTimes} from '../../../src/engine/verify/ack-times.js'
import {LostWrites} from '../../../src/engine/verify/lost-writes.js'
import {ValueWriter} from '../../../src/engine/verify/value-writer.js'
import {newVerifyAssignment} from '../../../src/engine/verify/verifier.js'
import {VersionLedger} from '../../../src/engine/verify/version-ledger.js'
import {startFakeMemcached} from '../../helpers/fake-memcached.js'
import {makePlan} from './plans.js'

const SIZE = 50
const RUN_ID = 77
/** When the clock of the acknowledgements started, on this thread's. */
export const ORIGIN_MS = 500

/** A value of the load on a node. */
interface Stored {
  readonly version: number
  readonly flags?: number
  readonly runId?: number
  readonly isCorrupt?: boolean
  /** Unix seconds; 0 = never. */
  readonly exptime?: number
}

/** What a node holds under the numbers of keys. */
export type Held = Readonly<Record<number, Stored>>

function itemText(key: number, {version, flags = 0, runId = RUN_ID, isCorrupt = false}: Stored): string {
  const value = Buffer.alloc(SIZE)
  new ValueWriter({runId, filler: makeFiller(SIZE)}).render(value, 0, {key, version, writer: 1, size: SIZE})
  if (isCorrupt) value[SIZE - 1]! ^= 1
  return `VALUE ${formatKey('k:', key)} ${flags} ${SIZE}\r\n${value.toString('latin1')}\r\n`
}

interface NodeScript {
  /** A test may replace it. */
  held: Held
  /** Whether it lists its keys. */
  readonly lists?: boolean
  /** Its statistics. */
  stats?: Readonly<Record<string, number>>
  /** Commands that it does not answer. @default none */
  isSilent?: (line: string) => boolean
}

/** A node that holds values of a load. */
export async function startLedgerNode(script: NodeScript) {
  const node = await startFakeMemcached(({line}) => {
    if (script.isSilent?.(line)) return undefined
    if (line === 'stats') {
      return `${Object.entries(script.stats ?? {})
        .map(([name, value]) => `STAT ${name} ${value}\r\n`)
        .join('')}END\r\n`
    }
    if (line === 'lru_crawler metadump hash' && script.lists === true) {
      const lines = Object.entries(script.held).map(
        ([key, {exptime}]) => `key=${formatKey('k:', Number(key))} exp=${exptime || -1} la=1 size=60\r\n`,
      )
      return `${lines.join('')}END\r\n`
    }
    if (!line.startsWith('get ')) return 'ERROR\r\n'
    const keys = line
      .split(' ')
      .slice(1)
      .map(text => parseKey('k:', text))
    return `${keys.map(key => (script.held[key] === undefined ? '' : itemText(key, script.held[key]))).join('')}END\r\n`
  })
  return {...node, script, lines: () => node.requests.map(({line}) => line)}
}

/** A plan of 20 keys and the ledger of its load, which a test writes. */
export function ledgerParts(changes: Partial<LoadPlan> = {}) {
  const plan = makePlan({keyCount: 20, sizes: {kind: 'fixed', bytes: SIZE}, verify: true, ...changes})
  const verify = {...newVerifyAssignment(plan), runId: RUN_ID, originMs: performance.timeOrigin + ORIGIN_MS}
  const ledger = new VersionLedger(verify.ledger)
  const write = (key: number, versions: number, {acknowledged = versions, removes = false} = {}): void => {
    for (let version = 1; version <= versions; version++) {
      ledger.nextVersion(key, removes)
      if (version <= acknowledged) ledger.acknowledge(key, version, removes)
    }
  }
  return {plan, verify, write, lost: new LostWrites(verify.lost), acks: new AckTimes(verify.acks)}
}
