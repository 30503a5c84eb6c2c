import type {Address} from '../../../protocol/address.js'
import type {ClusterNode} from '../../../server/node-api/cluster-node.js'
import type {NodeEventKind} from '../../../server/node-api/node-event.js'
import {largestSize} from '../../data/sizes.js'
import {makeFiller} from '../../data/value-format.js'
import type {LagEvent} from '../../lag/lag-event.js'
import type {LoadPlan} from '../../plan/plan.js'
import {AckTimes} from '../../verify/ack-times.js'
import {FailoverLog} from '../../verify/failover-log.js'
import {LostWrites} from '../../verify/lost-writes.js'
import type {VerifyAssignment} from '../../verify/verifier.js'
import {VersionLedger} from '../../verify/version-ledger.js'
import {CrossedWatch} from './crossed-watch.js'
import {FailoverSurvey} from './failover-survey.js'
import {type Failover, Failovers, type ReadBehind} from './failovers.js'

const POLL_MS = 5
/** Clients try this long to come back to a server before they give up. */
const RESTART_MS = 30_000
/** After these events a node may get data from its peer. */
const mayBringData: ReadonlySet<NodeEventKind> = new Set(['started', 'dialling', 'linkUp', 'fullSyncStarted'])

/** A drill's failovers, as seen. */
export interface SeenFailovers {
  readonly failovers: readonly Failover[]
  readonly readsBehind: readonly ReadBehind[]
  /** Witness reads of load connections, before they wrote a key at risk. */
  readonly witnessReads: number
  /** Keys read on the drill's own connections. */
  readonly surveyReads: number
  /** False: some notes of load threads were overwritten before they were read. */
  readonly isComplete: boolean
}

/** Learns during a drill's load what the servers held that its clients came to. */
export class FailoverWatch {
  readonly #log: FailoverLog
  readonly #failovers: Failovers
  readonly #crossed: CrossedWatch
  readonly #survey: FailoverSurvey
  readonly #poll: NodeJS.Timeout
  readonly #unsubscribe: readonly (() => void)[]
  readonly #originMs: number
  /** By node: its restarts, on performance.now(). */
  readonly #startsMs: readonly number[][]
  /** By node: its link is down, by its log. */
  readonly #cutOff: boolean[]

  /** @param verify made with witnesses */
  constructor(options: {
    readonly plan: LoadPlan
    readonly verify: VerifyAssignment
    readonly nodes: readonly (Pick<ClusterNode, 'onEvent'> & {readonly address: Address})[]
  }) {
    const {plan, verify, nodes} = options
    this.#originMs = verify.originMs - performance.timeOrigin
    this.#startsMs = nodes.map(() => [])
    this.#cutOff = nodes.map(() => false)
    this.#unsubscribe = nodes.map((node, place) =>
      node.onEvent(({kind, monotonicMs}) => {
        if (kind === 'started') this.#startsMs[place]!.push(monotonicMs)
        if (kind === 'linkLost') this.#cutOff[place] = true
        else if (mayBringData.has(kind)) this.#cutOff[place] = false
      }),
    )
    this.#log = new FailoverLog(verify.failovers!)
    this.#failovers = new Failovers({
      log: this.#log,
      acks: new AckTimes(verify.acks),
      lost: new LostWrites(verify.lost),
      connections: plan.connections,
    })
    this.#crossed = new CrossedWatch(nodes, {log: this.#log, originMs: this.#originMs})
    this.#survey = new FailoverSurvey({
      failovers: this.#failovers,
      targets: nodes.map(({address}) => address),
      format: {keyPrefix: plan.keyPrefix, runId: verify.runId, filler: makeFiller(largestSize(plan.sizes))},
      ledger: new VersionLedger(verify.ledger),
      isCutOff: place => this.#cutOff[place] === true,
    })
    this.#poll = setInterval(() => {
      this.#failovers.collect()
      this.#survey.look(failover => this.#changesServer(failover))
    }, POLL_MS)
  }

  /** Takes an event of the probe between the nodes. */
  probed(event: LagEvent): void {
    this.#crossed.probed(event)
  }

  /** False when connections came back to the same process: they find what they left. */
  #changesServer({from, to, firstMs, lastMs}: Failover): boolean {
    if (from !== to) return true
    const [earliest, latest] = [firstMs - RESTART_MS, lastMs].map(ms => ms + this.#originMs)
    return this.#startsMs[to]!.some(ms => ms >= earliest! && ms <= latest!)
  }

  /** Call it after the load. */
  async finish(): Promise<SeenFailovers> {
    clearInterval(this.#poll)
    this.#failovers.collect()
    await this.#survey.stop()
    this.#crossed.stop()
    for (const unsubscribe of this.#unsubscribe) unsubscribe()
    return {
      failovers: this.#failovers.all.filter(failover => this.#changesServer(failover)),
      readsBehind: this.#failovers.readsBehind,
      witnessReads: this.#log.witnessReads,
      surveyReads: this.#survey.reads,
      isComplete: !this.#log.hasForgotten && !this.#failovers.hasForgottenReads,
    }
  }
}
