import {stripVTControlCharacters} from 'node:util'
import {describe, expect, it} from 'vitest'
import type {Action} from '../../../../src/ui/core/action.js'
import type {Effect} from '../../../../src/ui/core/effect.js'
import {monoTheme} from '../../../../src/ui/draw/theme.js'
import {addSnapshots} from '../../../../src/ui/run-view/run-points.js'
import {drillChart} from '../../../../src/ui/screens/drill/view/drill-chart.js'
import {faultSeconds} from '../../../../src/ui/screens/drill/view/drill-marks.js'
import {stepsPane} from '../../../../src/ui/screens/drill/view/steps-pane.js'
import {verdictBanner} from '../../../../src/ui/screens/drill/view/verdict-banner.js'
import {initialState} from '../../../../src/ui/shell/commands/screens.js'
import {createUiStore} from '../../../../src/ui/shell/store.js'
import {drillResult, drillSteps, drillSummaries, pastDrill} from '../../helpers/fake-history.js'
import {pairSample, snapshot} from '../../helpers/fake-nodes.js'
import {fakeProfile} from '../../helpers/fake-profile.js'

const press = (chord: string): Action => ({type: 'press', press: {chord, text: ''}})
const typed = (text: string): Action[] =>
  Array.from(text, character => ({type: 'press', press: {chord: character, text: character}}))
const listed: Action = {type: 'drill', event: {type: 'listed', drills: drillSummaries}}
const pastListed: Action = {
  type: 'drill',
  event: {type: 'pastListed', past: [pastDrill('kill-master'), pastDrill('soak')]},
}
const ended: Action = {type: 'drill', event: {type: 'ended', result: drillResult}}

function afterActions(...actions: readonly Action[]) {
  const effects: Effect[] = []
  const store = createUiStore(initialState({columns: 80, rows: 24}, 0), effect => effects.push(effect))
  for (const action of actions) store.dispatch(action)
  return {state: store.state.getState(), effects}
}

describe('the drill screen', () => {
  it('reads the drills and the history when it comes into sight', () => {
    expect(afterActions(press('4')).effects).toEqual([
      {type: 'drill', request: {type: 'list'}},
      {type: 'drill', request: {type: 'past'}},
    ])
  })

  it('starts the chosen drill with enter, and no second one', () => {
    const {state, effects} = afterActions(press('4'), listed, press('j'), press('enter'), press('enter'))
    expect(effects.slice(2)).toEqual([{type: 'drill', request: {type: 'start', drill: 'drill-number-1', given: {}}}])
    expect(state.drill).toMatchObject({view: 'run', run: {drill: 'drill-number-1', phase: 'running'}})
  })

  it('runs with what its form was changed to, and keeps that for the next time', () => {
    const rate = [press('tab'), press('tab'), press('ctrl+u'), ...typed('50')]
    const changed = [press('4'), listed, press('e'), press('tab'), press('ctrl+u'), ...typed('500'), press('enter')]
    const {state, effects} = afterActions(...changed)
    expect(effects.at(-1)).toEqual({
      type: 'drill',
      request: {type: 'start', drill: 'kill-master', given: {rate: '500'}},
    })
    expect(state).toMatchObject({overlay: null, drill: {view: 'run', formValues: {'kill-master': {rate: '500'}}}})
    const kept = afterActions(press('4'), listed, press('e'), ...rate, press('ctrl+s'))
    expect(kept.state).toMatchObject({
      overlay: null,
      drill: {run: null, formValues: {'kill-master': {'assertion-1': '50'}}},
    })
    expect(afterActions(press('4'), listed, press('e'), ...rate, press('esc')).state.drill.formValues).toEqual({})
  })

  it('says what is wrong with a damaged file of the history', () => {
    const past = [pastDrill('kill-master', {flaw: 'Expected a drill, got x.json, which is no JSON'})]
    const shown: Action = {type: 'drill', event: {type: 'pastListed', past}}
    const {state, effects} = afterActions(press('4'), press('h'), shown, press('enter'))
    expect(state.overlay).toMatchObject({kind: 'page', page: {title: 'kill-master 2026-11-22 14:03:05 cannot be read'}})
    expect(JSON.stringify(state.overlay)).toContain('which is no JSON')
    expect(effects.filter(({type}) => type === 'drill')).toHaveLength(3)
  })

  it('draws no rate before the first one was measured', () => {
    const points = addSnapshots({points: [], snapshot: null}, [snapshot(5), snapshot(10)])
    const run = {...afterActions(press('4'), listed, press('enter')).state.drill.run!, ...points}
    const [, ...rows] = drillChart(run, {width: 80, height: 12}, monoTheme)
    const plotted = rows.map(row => stripVTControlCharacters(row).slice(10, 20))
    expect(plotted.join('').replaceAll(/[─└ ]/g, '')).toBe('')
    expect(plotted.slice(0, -1).join('').trim()).toBe('')
  })

  it('does not run while something in its form is to be mended', () => {
    const {state, effects} = afterActions(press('4'), listed, press('e'), press('tab'), ...typed('x'), press('enter'))
    expect(effects.slice(2)).toEqual([])
    expect(state).toMatchObject({overlay: {kind: 'form'}, drill: {run: null}})
  })

  it('refuses beside a load, and a load beside it', () => {
    const profiles: Action = {type: 'load', event: {type: 'listed', profiles: [fakeProfile('seed')]}}
    const sample: Action = {type: 'sample', sample: pairSample()}
    const beside = afterActions(sample, profiles, press('2'), press('b'), press('4'), listed, press('enter'))
    expect(beside.state.notice?.text).toMatch(/load is running/)
    const load = afterActions(sample, profiles, press('4'), listed, press('enter'), press('2'), press('b'))
    expect(load.state.notice?.text).toMatch(/drill is running/)
    expect(load.state.load.run).toBeNull()
  })

  it('gathers steps and what is measured, but not the filling of the nodes', () => {
    const drill = {
      steps: drillSteps,
      snapshots: [snapshot(0.1, {phase: 'prefill'}), snapshot(0.2), snapshot(0.4, {phase: 'done'})],
    }
    const {state} = afterActions(press('4'), listed, press('enter'), {type: 'sample', sample: pairSample({}, {drill})})
    expect(state.drill.run?.steps).toHaveLength(drillSteps.length)
    expect(state.drill.run?.points.map(({elapsedSeconds}) => elapsedSeconds)).toEqual([0.2])
    expect(faultSeconds(state.drill.run!)).toBe(3)
    expect(faultSeconds({...state.drill.run!, result: drillResult})).toBe(3.012)
  })

  it('shows each of several drills by itself, and which one it is', () => {
    const drill = {steps: drillSteps, snapshots: [snapshot(0.2)]}
    const {state} = afterActions(
      ...[press('4'), listed, press('enter'), {type: 'sample', sample: pairSample({}, {drill})} as const],
      {type: 'drill', event: {type: 'round', round: {round: 2, of: 5}}},
    )
    expect(state.drill.run).toMatchObject({phase: 'running', round: {round: 2, of: 5}, steps: [], points: []})
    const [title] = stepsPane(state.drill.run!, {width: 60, height: 10}, monoTheme)
    expect(stripVTControlCharacters(title!)).toContain('Drill #1 kill-master STARTING 2 of 5')
    const result = {...drillResult, repeated: '5 times: pass 4, fail 1, unknown 0'}
    const [banner] = verdictBanner(state.drill.run!, result, {width: 80, height: 8}, monoTheme)
    expect(stripVTControlCharacters(banner!)).toContain('5 times: pass 4, fail 1, unknown 0')
  })

  it('aborts only after a yes', () => {
    const start = [press('4'), listed, press('enter'), press('a')]
    expect(afterActions(...start, press('enter')).effects.slice(2)).toHaveLength(1)
    expect(afterActions(...start, press('y')).effects.at(-1)).toEqual({type: 'drill', request: {type: 'stop'}})
    expect(afterActions(...start, press('y'), {type: 'drill', event: {type: 'stopping'}}).state.drill.run?.phase).toBe(
      'stopping',
    )
    expect(afterActions(press('4'), listed, press('a')).state.notice?.text).toBe('No drill is running')
  })

  it('asks before it quits under a drill', () => {
    expect(afterActions(press('4'), listed, press('enter'), press('q')).state.dialog?.body[0]).toMatch(
      /drill is running/,
    )
  })

  it('scrolls the report within its lines, and leaves it with esc', () => {
    const shown = [press('4'), listed, press('enter'), ended]
    const end = afterActions(...shown, press('G'), press('j')).state.drill.run?.page
    expect(end?.from).toBeGreaterThan(10)
    expect(end?.from).toBeLessThan(40)
    expect(afterActions(...shown, press('G'), press('k')).state.drill.run?.page?.from).toBe((end?.from ?? 0) - 1)
    const left = afterActions(...shown, press('esc')).state
    expect(left).toMatchObject({screen: 'drill', drill: {view: 'list'}})
    expect(afterActions(...shown, press('esc'), press('esc')).state.screen).toBe('nodes')
  })

  it('does not start the next drill with an enter too many', () => {
    const {effects, state} = afterActions(press('4'), listed, press('enter'), ended, press('enter'))
    expect(effects.slice(2)).toHaveLength(1)
    expect(state.drill.view).toBe('list')
  })

  it('opens the reports of earlier drills', () => {
    const {effects} = afterActions(press('4'), listed, pastListed, press('h'), press('j'), press('enter'))
    expect(effects.at(-1)).toEqual({
      type: 'drill',
      request: {type: 'open', path: '/drills/soak.json', title: 'soak 2026-11-22 14:03:05'},
    })
  })
})

describe('the pair of a drill', () => {
  const sample: Action = {type: 'sample', sample: pairSample()}
  const gone: Action = {type: 'sample', sample: pairSample({}, {pairs: []})}
  const spares = [press('4'), listed, sample, press('j'), press('e')]

  it('is its own, unless it breaks nothing: then it may be one that runs', () => {
    const {state, effects} = afterActions(...spares, press('right'), press('enter'))
    expect(effects.at(-1)).toEqual({
      type: 'drill',
      request: {
        type: 'start',
        drill: 'drill-number-1',
        given: {servers: '127.0.0.1:11211 127.0.0.2:11213'},
      },
    })
    expect(state.drill).toMatchObject({formValues: {'drill-number-1': {on: 'm1 and s1'}}, run: {on: 'm1 and s1'}})
    expect(afterActions(...spares, press('enter')).effects.at(-1)).toMatchObject({request: {given: {}}})
  })

  it('cannot be chosen for what breaks nodes, and the form says so', () => {
    const {state} = afterActions(press('4'), listed, sample, press('e'))
    expect(state.overlay).toMatchObject({
      form: {
        spec: {
          fields: [{name: 'on', choices: ['a new pair'], hint: expect.stringContaining('breaks nodes')}, {}, {}, {}],
        },
      },
    })
  })

  it('is chosen again when it is gone', () => {
    const {state, effects} = afterActions(...spares, press('right'), press('ctrl+s'), gone, press('enter'))
    expect(effects.filter(({type}) => type === 'drill')).toHaveLength(2)
    expect(state.notice?.text).toContain('gone')
    const form = afterActions(...spares, press('right'), press('ctrl+s'), gone, press('e')).state.overlay
    expect(form).toMatchObject({form: {resolution: {problems: {on: expect.stringContaining('m1 and s1')}}}})
  })
})
