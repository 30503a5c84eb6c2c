import type {ProbeEvidence} from '../../server/link-truth.js'
import type {LagSample} from '../../server/probe-direction.js'

/** The same on another clock, which shows `byMs` more. */
export function shiftEvidence({crossedAtMs, missing, problem}: ProbeEvidence, byMs: number): ProbeEvidence {
  return {
    crossedAtMs: crossedAtMs === null ? null : crossedAtMs + byMs,
    missing: missing === null ? null : {sinceMs: missing.sinceMs + byMs, untilMs: missing.untilMs + byMs},
    problem,
  }
}

export function shiftSample(sample: LagSample, byMs: number): LagSample {
  return {...sample, atMs: sample.atMs + byMs}
}
