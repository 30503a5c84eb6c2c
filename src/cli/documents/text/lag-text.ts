import {type LagFigure, probesNeeded} from '../../../engine/lag/lag-histogram.js'
import type {DirectionLag} from '../../../engine/lag/lag-record.js'
import type {RunResult} from '../../../engine/result/run-result.js'
import type {DrillDocument} from '../json/drill-json.js'
import {formatCount, formatMs, formatTable} from '../phrases/format.js'

type Shown = 'p50' | 'p90' | 'p99' | 'max'

const overallFigures = ['p50', 'p99', 'max'] as const
/** A phase of a few seconds has no p99. */
const phaseFigures = ['p50', 'p90', 'max'] as const

/** The lag of a run, a line for each direction. */
export function runLagLines({lagUs}: Pick<RunResult, 'lagUs'>): string[] {
  if (lagUs === null) return []
  return [`lag            to the slave  ${lagText(lagUs.aToB)}`, `               to the master ${lagText(lagUs.bToA)}`]
}

/** The lag of a drill, both ways: overall, and by when its probes were written. */
export function drillLagLines({lagUs, lagByPhaseUs, nodes}: DrillDocument): string[] {
  if (lagUs === null) return []
  const [a, b] = nodes.map(({name}) => name)
  const ways = [
    [`${a} → ${b}`, 'aToB'],
    [`${b} → ${a}`, 'bToA'],
  ] as const
  const overall = ways.map(([way, direction]) => `lag ${way}    ${lagText(lagUs[direction])}`)
  if (lagByPhaseUs === null) return overall
  const phases = ['before', 'during', 'after'] as const
  return [
    ...overall,
    ...formatTable([
      ['lag', ...phases],
      ...ways.flatMap(([way, direction]) => [
        ...phaseFigures.map(name => [
          `  ${way}  ${name} ms`,
          ...phases.map(phase => figureText(lagByPhaseUs[phase][direction], name)),
        ]),
        [`  ${way}  never seen`, ...phases.map(phase => unseenText(lagByPhaseUs[phase][direction]))],
      ]),
    ]),
  ]
}

/** `p50 0.21  p99 needs 100  max ≥ 7,900 ms of 60 probes, 12 never seen`. */
function lagText(lag: DirectionLag): string {
  const figures = overallFigures.map(name => `${name} ${figureText(lag, name)}`).join('  ')
  const unseen = lag.unseen > 0 ? `, ${formatCount(lag.unseen)} never seen` : ''
  const notStored = lag.notStored > 0 ? `, ${formatCount(lag.notStored)} writes not acknowledged` : ''
  return `${figures} ms of ${formatCount(lag.count)} probes${unseen}${notStored}`
}

function figureText(lag: DirectionLag, name: Shown): string {
  const us = lag[name]
  if (us === null) return name === 'max' || lag.count === 0 ? '–' : `needs ${probesNeeded[name]}`
  return `${boundMark(lag, name)}${formatMs(us)}`
}

/** What goes before a figure of which only the least is known. */
function boundMark({atLeast}: DirectionLag, figure: LagFigure): string {
  return atLeast.includes(figure) ? '≥ ' : ''
}

function unseenText({unseen, count}: DirectionLag): string {
  return `${formatCount(unseen)} of ${formatCount(count)}`
}
