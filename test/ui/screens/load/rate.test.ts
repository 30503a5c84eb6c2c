import {describe, expect, it} from 'vitest'
import {launchForm} from '../../../../src/cli/options/launch-form.js'
import type {Action} from '../../../../src/ui/core/action.js'
import {type Session, unknownSession} from '../../../../src/ui/core/session.js'
import type {UiState} from '../../../../src/ui/core/ui-state.js'
import {initialState} from '../../../../src/ui/shell/commands/screens.js'
import {pairSample, snapshot} from '../../helpers/fake-nodes.js'
import {fakeProfile} from '../../helpers/fake-profile.js'
import {play} from '../../helpers/play.js'

const session: Session = {
  ...unknownSession,
  launchForm,
  readRate: text => (/^\d+$/.test(text) ? {ratePerSecond: Number(text)} : {problem: `Expected a rate, got '${text}'`}),
}
const keysOf = (text: string) => Array.from(text).join(' ')
const listed: Action = {type: 'load', event: {type: 'listed', profiles: [fakeProfile('smoke')]}}
const sampled = (change: Parameters<typeof snapshot>[1] = {}): Action => ({
  type: 'sample',
  sample: pairSample({}, {snapshots: [snapshot(1, change)]}),
})
const chosen = play(
  initialState({columns: 100, rows: 30}, 0, session),
  {type: 'sample', sample: pairSample()},
  '2',
  listed,
).state
const running = play(chosen, 'b', sampled()).state
const problem = (state: UiState) =>
  state.overlay?.kind === 'form' ? state.overlay.form.resolution.problems.line : null

describe('the rate by number', () => {
  it('is that of the running load, and checked as it is typed', () => {
    const asked = play(running, 'R', 'ctrl+u', keysOf('25'), 'k').state
    expect(problem(asked)).toBe("Expected a rate, got '25k'")
    const {state, effects} = play(asked, 'backspace', keysOf('000'), 'enter')
    expect(effects).toEqual([{type: 'load', request: {type: 'rate', ratePerSecond: 25_000}}])
    expect(state).toMatchObject({overlay: null, load: {run: {wantedRate: 25_000}}})
  })

  it('is above 0 while the load runs', () => {
    expect(problem(play(running, 'R ctrl+u 0').state)).toContain('above 0')
  })

  it('begins with what it is', () => {
    expect(play(running, 'R').state.overlay).toMatchObject({form: {given: {line: '100000'}}})
  })

  it('is else that of the chosen load, by the rules of its form', () => {
    const {state, effects} = play(chosen, 'R', keysOf('700'), 'enter')
    expect(effects).toEqual([])
    expect(state.load.formValues).toEqual({smoke: {rate: '700'}})
    expect(play(state, 'b').effects).toMatchObject([{request: {type: 'start', given: {rate: '700'}}}])
  })

  it.each([
    [sampled({phase: 'prefill'}), 'Cannot change the rate before the run measures'],
    [sampled({ratePerSecond: null}), 'closed-loop run'],
  ])('is refused with a reason where there is none (%#)', (sample, text) => {
    const {state, effects} = play(chosen, 'b', sample, 'R')
    expect(state.overlay).toBeNull()
    expect(state.notice?.text).toContain(text)
    expect(effects).toHaveLength(1)
  })

  it('is taken by the palette from any screen', () => {
    const typed = (from: UiState, text: string) => play(from, '1 :', {type: 'paste', text}, 'enter')
    const {state, effects} = typed(running, 'rate 300')
    expect(effects).toEqual([{type: 'load', request: {type: 'rate', ratePerSecond: 300}}])
    expect(state.screen).toBe('load')
    expect(typed(running, 'rate fast').state.notice?.text).toBe("Expected a rate, got 'fast'")
  })

  it('is left alone with --readonly', () => {
    const looking = {...running, session: {...session, readonly: true}}
    expect(play(looking, 'R').state).toMatchObject({overlay: null, notice: {tone: 'bad'}})
  })
})
