import {describe, expect, it} from 'vitest'
import type {Action} from '../../../../src/ui/core/action.js'
import type {Effect} from '../../../../src/ui/core/effect.js'
import {monoTheme} from '../../../../src/ui/draw/theme.js'
import {listedEntries} from '../../../../src/ui/screens/report/state/report-state.js'
import {entryList} from '../../../../src/ui/screens/report/view/entry-list.js'
import {initialState} from '../../../../src/ui/shell/commands/screens.js'
import {createUiStore} from '../../../../src/ui/shell/store.js'
import {savedDrill, savedRun} from '../../helpers/fake-history.js'

const press = (chord: string): Action => ({type: 'press', press: {chord, text: ''}})
const typed = (text: string): Action[] =>
  Array.from(text, character => ({type: 'press', press: {chord: character, text: character}}))
const runs = [savedRun(3), savedRun(2), savedRun(1, {flaw: 'Expected the JSON of a run, got something else'})]
const listed: Action = {type: 'report', event: {type: 'listed', entries: runs}}
const opened: Action = {
  type: 'report',
  event: {type: 'opened', title: 'Run 3', report: {text: 'a line\n'.repeat(90), curves: []}},
}

function afterActions(...actions: readonly Action[]) {
  const effects: Effect[] = []
  const store = createUiStore(initialState({columns: 80, rows: 24}, 0), effect => effects.push(effect))
  for (const action of actions) store.dispatch(action)
  return {state: store.state.getState(), effects}
}

describe('the report screen', () => {
  it('reads the history each time it comes into sight', () => {
    const list = {type: 'report', request: {type: 'list', limit: 60}}
    expect(afterActions(press('5'), press('1'), press('5')).effects).toEqual([list, list])
  })

  it('reads older entries when the cursor comes near the end, once', () => {
    const many = Array.from({length: 60}, (_, index) => savedRun(100 - index))
    const page: Action = {type: 'report', event: {type: 'listed', entries: many, older: 40}}
    const more = {type: 'report', request: {type: 'list', limit: 260}}
    expect(afterActions(press('5'), page, ...Array(39).fill(press('j'))).effects.slice(1)).toEqual([])
    const {state, effects} = afterActions(press('5'), page, ...Array(50).fill(press('j')))
    expect(effects.slice(1)).toEqual([more])
    const lines = entryList(state.report, {width: 80, height: 20}, monoTheme)
    expect(lines[0]).toContain('newest first, 40 older being read')
    const all: Action = {type: 'report', event: {type: 'listed', entries: [...many, savedRun(40)]}}
    expect(afterActions(press('5'), page, all, ...Array(70).fill(press('j'))).effects.slice(1)).toEqual([])
  })

  it('opens the run under the cursor, and scrolls its report', () => {
    const {effects} = afterActions(press('5'), listed, press('j'), press('enter'))
    expect(effects.at(-1)).toEqual({type: 'report', request: {type: 'open', entry: runs[1]}})
    expect(afterActions(press('5'), listed, opened, press('pagedown'), press('j')).state.report.page?.from).toBe(20)
    expect(afterActions(press('5'), listed, opened, press('esc')).state).toMatchObject({
      screen: 'report',
      report: {page: null},
    })
  })

  it('compares A and B, in the order of the marks', () => {
    const {effects} = afterActions(press('5'), listed, press('j'), press(' '), press('k'), press(' '), press('c'))
    expect(effects.at(-1)).toEqual({type: 'report', request: {type: 'compare', first: runs[1], second: runs[0]}})
  })

  it('takes a mark back, and asks for two', () => {
    const {state} = afterActions(press('5'), listed, press(' '), press(' '), press('c'))
    expect(state.report.marked).toEqual([])
    expect(state.notice?.text).toMatch(/Mark two runs/)
  })

  it('deletes only after a yes, and forgets the mark of what is gone', () => {
    const asked = [press('5'), listed, press(' '), press('d')]
    expect(afterActions(...asked, press('enter')).effects).toHaveLength(1)
    expect(afterActions(...asked, press('y')).effects.at(-1)).toEqual({
      type: 'report',
      request: {type: 'remove', path: '/runs/3.json'},
    })
    const left: Action = {type: 'report', event: {type: 'listed', entries: runs.slice(1)}}
    expect(afterActions(...asked, press('y'), left).state.report.marked).toEqual([])
  })

  it('lists what has the text of the filter, and takes it back with esc', () => {
    const entries: Action = {type: 'report', event: {type: 'listed', entries: [savedDrill('kill-master'), ...runs]}}
    const filtered = afterActions(press('5'), entries, press('/'), ...typed('drill KILL')).state
    expect(listedEntries(filtered.report).map(({name}) => name)).toEqual(['kill-master'])
    const kept = [press('5'), entries, press('/'), ...typed('run steady'), press('enter')]
    expect(afterActions(...kept, press('j'), press('enter')).effects.at(-1)).toEqual({
      type: 'report',
      request: {type: 'open', entry: runs[1]},
    })
    const nothing = afterActions(press('5'), entries, press('/'), ...typed('xyzzy'), press('enter'), press('enter'))
    expect(nothing.state.notice?.text).toBe('No match; esc shows all')
    expect(afterActions(...kept, press('esc')).state).toMatchObject({screen: 'report', report: {filter: ''}})
    expect(afterActions(press('5'), entries, press('/'), ...typed('x'), press('esc')).state).toMatchObject({
      overlay: null,
      report: {filter: ''},
    })
  })

  it('opens, exports and deletes drills, but compares runs only', () => {
    const drill = savedDrill('kill-master')
    const at: readonly Action[] = [press('5'), {type: 'report', event: {type: 'listed', entries: [drill, ...runs]}}]
    expect(afterActions(...at, press('E')).effects.at(-1)).toEqual({
      type: 'report',
      request: {type: 'export', entry: drill},
    })
    expect(afterActions(...at, press('d')).state.dialog?.title).toBe('Delete drill kill-master?')
    expect(afterActions(...at, press(' ')).state.notice?.text).toMatch(/Only runs are compared/)
  })

  it('says what is wrong with a damaged file, and still deletes it', () => {
    const at = [press('5'), listed, press('j'), press('j')]
    const {overlay} = afterActions(...at, press('enter')).state
    expect(overlay).toMatchObject({kind: 'page', page: {title: 'Run 1 cannot be read'}})
    expect(JSON.stringify(overlay)).toContain(runs[2]?.flaw)
    expect(afterActions(...at, press('E')).state.notice?.text).toContain('enter says why')
    expect(afterActions(...at, press('d')).state.dialog?.title).toBe('Delete run 1?')
  })

  it('says the same of a drill', () => {
    const damaged = savedDrill('kill-master', {flaw: 'which is no JSON'})
    const at: Action[] = [press('5'), {type: 'report', event: {type: 'listed', entries: [damaged]}}]
    const {overlay} = afterActions(...at, press('enter')).state
    expect(overlay).toMatchObject({kind: 'page', page: {title: 'Drill kill-master cannot be read'}})
    expect(afterActions(...at, press('E')).state.notice?.text).toContain('enter says why')
  })

  it('says why the history cannot be read', () => {
    const unlisted: Action = {type: 'report', event: {type: 'unlisted', problem: 'got ENOTDIR'}}
    const {report} = afterActions(press('5'), unlisted).state
    expect(entryList(report, {width: 80, height: 10}, monoTheme).join('')).toContain('got ENOTDIR')
    expect(afterActions(press('5'), unlisted, listed).state.report.problem).toBeNull()
  })

  it('says what to do where there is no run', () => {
    const none: Action = {type: 'report', event: {type: 'listed', entries: []}}
    expect(afterActions(press('5'), none, press('enter')).state.notice?.text).toBe('No run yet: 2, then b makes one')
  })
})
