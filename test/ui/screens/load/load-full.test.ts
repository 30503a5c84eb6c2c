import {stripVTControlCharacters} from 'node:util'
import {describe, expect, it} from 'vitest'
import type {RunSnapshot} from '../../../../src/engine/result/run-snapshot.js'
import type {Action} from '../../../../src/ui/core/action.js'
import type {UiState} from '../../../../src/ui/core/ui-state.js'
import {cellWidth} from '../../../../src/ui/draw/cell-width.js'
import type {WindowSize} from '../../../../src/ui/draw/layout.js'
import {monoTheme} from '../../../../src/ui/draw/theme.js'
import {linesOf} from '../../../../src/ui/paint/canvas-part.js'
import {shownRun} from '../../../../src/ui/screens/load/state/load-state.js'
import {fullPicture} from '../../../../src/ui/screens/load/view/full-picture.js'
import {runPicture} from '../../../../src/ui/screens/load/view/run-picture.js'
import {initialState} from '../../../../src/ui/shell/commands/screens.js'
import {nodeView, pairSample, snapshot} from '../../helpers/fake-nodes.js'
import {fakeProfile} from '../../helpers/fake-profile.js'
import {play} from '../../helpers/play.js'

const small: WindowSize = {columns: 80, rows: 24}
const summary = snapshot(1).response
const methods = ['get', 'set', 'add', 'replace', 'append', 'incr', 'delete', 'touch', 'gets', 'cas']
const everything: Partial<RunSnapshot> = {
  lag: {
    aToB: {intervalUs: 400, since: {...summary, unseen: 0, atLeast: [], notStored: 0}},
    bToA: {intervalUs: 200, since: {...summary, unseen: 3, atLeast: [], notStored: 0}},
  },
  operations: {...snapshot(1).operations, hit: 90, miss: 10},
  byMethod: methods.map(method => ({method, response: summary, service: summary})),
  events: Array.from({length: 60}, (_, t) => ({t, kind: 'rate', node: 'm1', text: `thing ${t} happened`})),
}
const sampled: Action = {type: 'sample', sample: pairSample({}, {snapshots: [snapshot(60, everything)]})}
const chosen = play(
  initialState(small, 0),
  {type: 'sample', sample: pairSample()},
  {type: 'load', event: {type: 'listed', profiles: [fakeProfile('smoke')]}},
  '2',
).state
const running = play(chosen, 'b', sampled).state

const view = {windowSeconds: 60, scale: 'linear'} as const

function draw(state: UiState, size: WindowSize = state.size): string[] {
  const {maximizedPane: maximized} = state.load
  const data = {run: shownRun(state)!, isFrozen: false, target: nodeView('m1')}
  const lines =
    maximized === null
      ? linesOf(runPicture(data, view, {size, theme: monoTheme}))
      : fullPicture({...data, maximized}, view, size, monoTheme)
  return lines.map(stripVTControlCharacters)
}

const text = (keys: string) => draw(play(running, keys).state).join('\n')

describe('a pane of a run with the screen for itself', () => {
  it('is said to be there where rows have no room', () => {
    expect(draw(running).join('\n')).toContain('f shows 21 more rows')
  })

  it('shows every row of the table at 80×24, by scrolling', () => {
    const seen = ['f', 'f pagedown', 'f G'].map(text).join('\n')
    for (const row of ['response', 'service', 'lag m1→s1', 'lag s1→m1']) expect(seen).toContain(`│ ${row} `)
    for (const method of methods) {
      expect(seen).toContain(`│ ${method} response `)
      expect(seen).toContain(`│ ${method} service `)
    }
    expect(text('f')).toContain('rows 1 to 17 of 24: j k')
    expect(text('f j')).toContain('rows 2 to 18 of 24')
    expect(text('f G')).toContain('rows 8 to 24 of 24')
    expect(text('f G j pagedown k')).toContain('rows 7 to 23 of 24')
    expect(text('f G g k')).toContain('rows 1 to 17')
  })

  it('goes from the table over every chart to what happened, and back to all of them', () => {
    const titles = ['Latency ms', 'Throughput op/s', 'Response ms', 'Lag ms', 'Hit ratio %', 'Errors/s', 'Connections']
    const shown = titles.map(
      (_, index) =>
        draw(
          play(
            running,
            Array(index + 1)
              .fill('tab')
              .join(' '),
          ).state,
        )[1],
    )
    for (const [index, title] of titles.entries()) expect(shown[index]).toContain(title)
    expect(text(Array(8).fill('tab').join(' '))).toMatch(/What happened[\s\S]*thing 59 happened/)
    expect(play(running, Array(9).fill('tab').join(' ')).state.load.maximizedPane).toBeNull()
    expect(text('shift+tab')).toContain('What happened')
  })

  it('follows what happens, unless it was scrolled back', () => {
    const later: Action = {
      type: 'sample',
      sample: pairSample(
        {},
        {
          snapshots: [snapshot(61, {...everything, events: [{t: 61, kind: 'rate', node: '', text: 'the newest'}]})],
        },
      ),
    }
    const at = (keys: string) => draw(play(running, 'shift+tab', ...(keys === '' ? [] : [keys]), later).state)
    expect(at('')[19]).toContain('the newest')
    expect(at('k').slice(1, 21).join('\n')).not.toContain('the newest')
    expect(at('k j')[19]).toContain('the newest')
  })

  it('is left with esc and f, and not opened where there is no run', () => {
    expect(play(running, 'f esc').state).toMatchObject({screen: 'load', load: {maximizedPane: null}})
    expect(play(running, 'tab f').state.load.maximizedPane).toBeNull()
    expect(play(chosen, 'f').state.load.maximizedPane).toBeNull()
    expect(play(chosen, 'tab').state.load).toMatchObject({target: 's1', maximizedPane: null})
  })

  it('does not choose another load by scrolling', () => {
    const ended: Action = {type: 'load', event: {type: 'failed', error: 'refused'}}
    expect(play(running, ended, 'f j').state.load.choosing).toBe(false)
    expect(play(running, ended, 'f esc j').state.load.choosing).toBe(true)
  })

  it.each([
    [60, 15],
    [80, 24],
    [100, 30],
    [200, 60],
  ])('fits %d×%d, each of them', (columns, rows) => {
    for (let tabs = 1; tabs <= 8; tabs++) {
      const lines = draw(play(running, Array(tabs).fill('tab').join(' ')).state, {columns, rows})
      expect(lines).toHaveLength(rows - 2)
      for (const line of lines) expect(cellWidth(line)).toBe(columns)
    }
  })
})
