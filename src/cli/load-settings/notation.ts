import type {LoadPlan} from '../../engine/plan/plan.js'

/** Values of a load as its options take them. */

/** `50k`, `1.5m`, `750`. */
export function formatRate(perSecond: number): string {
  if (perSecond >= 1_000_000 && perSecond % 100_000 === 0) return `${perSecond / 1_000_000}m`
  if (perSecond >= 1000 && perSecond % 100 === 0) return `${perSecond / 1000}k`
  return String(perSecond)
}

/** `500ms`, `10s`, `2m`, `1h`. */
export function formatDuration(seconds: number): string {
  if (seconds >= 3600 && seconds % 3600 === 0) return `${seconds / 3600}h`
  if (seconds >= 120 && seconds % 60 === 0) return `${seconds / 60}m`
  if (seconds > 0 && seconds < 1) return `${Number((seconds * 1000).toFixed(6))}ms`
  return `${seconds}s`
}

/** `95%` */
export function formatShare(share: number): string {
  return `${Number((share * 100).toFixed(6))}%`
}

/** `get:90,set:10` */
export function formatMix(mix: LoadPlan['mix']): string {
  return mix.map(({method, weight}) => `${method}:${weight}`).join(',')
}
