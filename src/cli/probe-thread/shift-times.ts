import type {LagEvent} from '../../engine/lag/lag-event.js'
import type {LagSample, ProbeEvidence} from '../../server/node-api/pair-probe.js'
import type {NodeSample} from '../../server/stats/node-sample.js'

/** The same on another clock, which shows `byMs` more. */
export function shiftEvidence(evidence: ProbeEvidence, byMs: number): ProbeEvidence {
  const {crossedAtMs, missing, problem, oldestUnseenMs = null} = evidence
  return {
    crossedAtMs: crossedAtMs === null ? null : crossedAtMs + byMs,
    missing: missing === null ? null : {sinceMs: missing.sinceMs + byMs, untilMs: missing.untilMs + byMs},
    problem,
    oldestUnseenMs: oldestUnseenMs === null ? null : oldestUnseenMs + byMs,
  }
}

export function shiftLag(sample: LagSample, byMs: number): LagSample {
  return {...sample, atMs: sample.atMs + byMs}
}

export function shiftSample(sample: NodeSample, byMs: number): NodeSample {
  const atMs = sample.atMs + byMs
  return sample.kind === 'answered' ? {...sample, atMs} : {...sample, atMs, sinceMs: sample.sinceMs + byMs}
}

export function shiftEvent(event: LagEvent, byMs: number): LagEvent {
  return 'atMs' in event ? {...event, atMs: event.atMs + byMs} : event
}
