import {formatClock} from '../../draw/format.js'
import {padTo} from '../../draw/text.js'
import type {Area} from '../../state/layout.js'
import type {PairStatus} from '../../state/pair-status.js'
import type {Theme} from '../../theme.js'

/** The loudest thing on the screen: two nodes answer, and nothing replicates. */
export function brokenPairBanner({pair, reason}: PairStatus, {width, height}: Area, theme: Theme): string[] {
  const cause = reason === undefined ? '' : ` (${reason.node}: ${reason.text}, ${formatClock(reason.atMs)})`
  const text = `NOT PAIRED: ${pair.master} and ${pair.slave} both answer, nothing replicates${cause}`
  const middle = Math.floor((height - 1) / 2)
  return Array.from({length: height}, (_, row) => theme.alarm(padTo(row === middle ? `  ✖ ${text}` : '', width)))
}
