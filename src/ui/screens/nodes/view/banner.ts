import {formatClock} from '../../../draw/format.js'
import type {Area} from '../../../draw/layout.js'
import {clip, padTo, wrapWords} from '../../../draw/text.js'
import type {Theme} from '../../../draw/theme.js'
import type {PairStatus} from '../../../node-view/pair-status.js'
import type {EventAdvices} from '../../../ports/ui-ports.js'

const DEFAULT_ADVICE =
  'Find the stale node (repbench diff) and restart it: it connects to its peer and gets a full sync.'

/** The loudest thing on the screen: two nodes are up, and nothing replicates. */
export function brokenPairBanner(
  {pair, mute, reason}: PairStatus,
  {advice, area: {width, height}}: {advice: EventAdvices | null; area: Area},
  theme: Theme,
): string[] {
  const cause =
    reason === undefined ? (pair.truth?.why ?? '') : `${reason.node}: ${reason.text}, ${formatClock(reason.atMs)}`
  const text =
    mute === null
      ? `NOT PAIRED: ${pair.master} and ${pair.slave} both answer, nothing replicates`
      : `NOT PAIRED: the link is lost, and ${mute.node} ${mute.text}`
  const todo = (reason === undefined ? null : advice?.[reason.kind].advice) ?? DEFAULT_ADVICE
  const below = [cause, todo].flatMap(paragraph => (paragraph === '' ? [] : wrapWords(paragraph, width - 6)))
  const lines =
    height === 1 && cause !== '' ? [`  ✖ ${text} (${cause})`] : [`  ✖ ${text}`, ...below.map(line => `    ${line}`)]
  const cut = lines.length > height && height > 1
  return Array.from({length: height}, (_, row) => {
    const line = lines[row] ?? ''
    return theme.alarm(padTo(cut && row === height - 1 ? goesOn(line, width) : line, width))
  })
}

/** The last line there is room for, though not the last. */
function goesOn(line: string, width: number): string {
  const text = clip(line, width - 16)
  return `${text.endsWith('…') ? text : `${text} …`}  e explains`
}
