import type {RunSnapshot} from '../../../../engine/result/run-snapshot.js'
import {formatCount, formatPercent} from '../../../draw/format.js'
import type {PaneLine} from '../../../draw/pane.js'
import type {Span} from '../../../draw/text.js'
import {isSilent, type NodeView} from '../../../node-view/node-view.js'
import {errorKinds} from '../../../run-view/run-figures.js'
import {isRunning, type RunView} from '../state/load-run.js'

/** So many kinds of errors have room. */
const KINDS_SHOWN = 3

/** The problem of a run in one line: a target that does not answer, or why operations failed; null without one. */
export function alertLine(run: RunView, target: NodeView | undefined): PaneLine | null {
  const state = target?.status.state
  const served = (run.points.at(-1)?.opsPerSecond ?? 0) > 0
  if (isRunning(run) && target !== undefined && isSilent(target) && !served) {
    return [[` ${target.name} is SILENT `, 'alarm'], ['  calls wait; ', 'bad'], ['1', 'key'], ' says more']
  }
  if (isRunning(run) && target !== undefined && state !== 'up') {
    const frozen = state === 'paused'
    return [
      [` ${target.name} is ${frozen ? 'FROZEN' : String(state).toUpperCase()} `, 'alarm'],
      served ? '  calls are answered elsewhere; ' : [frozen ? '  calls wait; ' : '  calls fail; ', 'bad'],
      // What repbench has not started it cannot start again.
      ...(target.backend === null ? ['repbench did not start it'] : keysThatHelp(frozen)),
    ]
  }
  const kinds = run.snapshot === null ? [] : errorKinds(run.snapshot.operations)
  if (kinds.length === 0) return run.phase === 'ended' ? doubtOf(run) : null
  const shown = kinds.slice(0, KINDS_SHOWN).map(([kind, count]) => `${kind} ${formatCount(count)}`)
  const more = kinds.length > KINDS_SHOWN ? `, ${kinds.length - KINDS_SHOWN} more kinds` : ''
  return [
    ['✖ ', 'bad'],
    [`${shown.join(', ')}${more}`.replaceAll(/\p{Cc}/gu, '·'), 'bad'],
  ]
}

/** At the end: why the figures are not about the server alone; null: they are. */
function doubtOf({snapshot}: RunView): PaneLine | null {
  const doubt = snapshot === null ? null : generatorDoubt(snapshot)
  if (doubt === null) return null
  const meaning =
    snapshot?.health === 'saturated' ? ': it set the pace, not the server' : ', all latencies include that'
  return [[`${doubt}${meaning}`, 'warn']]
}

/** Why the generator's health is doubted, in a few words; null: it keeps up. */
export function generatorDoubt({health, lateShare}: RunSnapshot): string | null {
  switch (health) {
    case 'keeps up':
      return null
    case 'late':
      return `▲ machine busy: ${formatPercent(lateShare)} % of the calls sent late`
    case 'saturated':
      return '▲ GENERATOR SATURATED'
  }
}

function keysThatHelp(frozen: boolean): Span[] {
  return [['1', 'key'], ' then ', [frozen ? 'z' : 'r', 'key'], frozen ? ' thaws it' : ' starts it again']
}
