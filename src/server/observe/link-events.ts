import type {Judgement, LinkVerdict} from '../node-api/link-verdict.js'
import type {NodeEventKind} from '../node-api/node-event.js'
import {NodeEvents} from '../node-api/node-events.js'

/** A doubt that is over sooner was a busy moment. */
const DOUBT_MS = 2000

/** Turns verdicts on a pair into events, as a node has them: the good news are told only after the bad ones. */
export class LinkEvents {
  readonly #events: NodeEvents
  #verdict: LinkVerdict = 'unknown'
  /** Since it was last known to replicate. */
  #told: 'nothing' | 'doubt' | 'diverging' = 'nothing'
  #wasPaired = false
  #doubt: NodeJS.Timeout | undefined

  /** @param name of the pair */
  constructor(name: string) {
    this.#events = new NodeEvents(name)
  }

  get onEvent(): NodeEvents['onEvent'] {
    return this.#events.onEvent
  }

  /** @param explained a node's own event has told why: it was killed, stopped or frozen */
  settled({verdict, why}: Judgement, explained: boolean): void {
    const before = this.#verdict
    this.#verdict = verdict
    clearTimeout(this.#doubt)
    switch (verdict) {
      case 'unpaired-but-serving':
        this.#told = 'diverging'
        this.tell('diverging', `BOTH NODES ANSWER AND NOTHING REPLICATES: ${why}`)
        break
      case 'paired':
        this.#wasPaired = true
        this.#tellOfRecovery(why)
        break
      case 'listening':
      case 'orphaned':
      case 'unknown':
        // What was never known to replicate is not in doubt; of a pair that diverges the worst is told.
        if (explained || !this.#wasPaired || before === 'unpaired-but-serving') break
        // On the way back to a pair whose trouble has been told.
        if (verdict === 'unknown' && this.#told !== 'nothing') break
        this.#doubt = setTimeout(() => {
          if (this.#told === 'nothing') this.#told = 'doubt'
          this.tell(verdict === 'unknown' ? 'unproven' : 'alone', why)
        }, DOUBT_MS)
    }
  }

  /** To be asked when there was time enough for the first proof: a doubt that was there from the start is told, too. */
  stillUnknown(why: string): void {
    if (this.#verdict !== 'unknown' || this.#told !== 'nothing' || this.#wasPaired) return
    this.#told = 'doubt'
    this.tell('unproven', why)
  }

  close(): void {
    clearTimeout(this.#doubt)
    this.#events.close()
  }

  #tellOfRecovery(why: string): void {
    const after = this.#told
    this.#told = 'nothing'
    if (after === 'nothing') return
    const more = after === 'diverging' ? '; what was written meanwhile may differ' : ''
    this.tell('replicating', `the nodes replicate again (${why})${more}`)
  }

  /** Tells something else about the pair. */
  tell(kind: NodeEventKind, text: string): void {
    this.#events.report(kind, text)
  }
}
