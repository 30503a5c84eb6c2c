import {describe, expect, it} from 'vitest'
import type {Action} from '../../../../src/ui/core/action.js'
import {phaseWord} from '../../../../src/ui/screens/load/view/run-header.js'
import {initialState} from '../../../../src/ui/shell/commands/screens.js'
import {modeOf} from '../../../../src/ui/shell/keys/keys.js'
import {pairSample} from '../../helpers/fake-nodes.js'
import {fakeProfile} from '../../helpers/fake-profile.js'
import {play} from '../../helpers/play.js'

const listed: Action = {type: 'load', event: {type: 'listed', profiles: [fakeProfile('smoke'), fakeProfile('seed')]}}
const ready = play(
  initialState({columns: 80, rows: 24}, 0),
  {type: 'sample', sample: pairSample()},
  listed,
  '2 j',
).state
/** Past target, lag probe and both nodes, to the rate. */
const atRate = play(ready, 'e tab tab tab').state

describe('the form of a load', () => {
  it('runs what was edited against the node that was chosen', () => {
    const {state, effects} = play(ready, 'e right tab left tab tab 5 enter')
    expect(effects).toEqual([
      {
        type: 'load',
        request: {type: 'start', profile: 'seed', given: {rate: '20005'}, node: 's1', lagProbe: false},
      },
    ])
    expect(state).toMatchObject({
      overlay: null,
      load: {target: 's1', lagProbe: false, formValues: {seed: {rate: '20005'}}},
    })
  })

  it('goes to both nodes of a pair, if that was chosen, until it is taken back', () => {
    const {state, effects} = play(ready, 'e tab tab right enter')
    expect(effects).toMatchObject([{request: {type: 'start', node: 'm1', both: true, given: {}}}])
    expect(state.load).toMatchObject({both: true, run: {both: true, pair: ['m1', 's1']}})
    const ended: Action = {type: 'load', event: {type: 'failed', error: 'x'}}
    const again = play(state, ended, 'b')
    expect(again.effects).toMatchObject([{request: {both: true}}])
    const back = play(again.state, ended, 'e tab tab right enter')
    expect(back.effects[0]).not.toHaveProperty('request.both')
  })

  it('says of one that was stopped before its first call just that', () => {
    const failed: Action = {type: 'load', event: {type: 'failed', error: 'Expected a server, got an interrupt'}}
    const run = (keys: string) => play(ready, keys, failed).state.load.run!
    expect(run('b b').error).toBe('Stopped before the first call: nothing measured')
    expect(phaseWord(run('b b'))).toEqual(['STOPPED', 'warn'])
    expect(phaseWord(run('b'))).toEqual(['FAILED', 'bad'])
  })

  it('is opened again as it was left', () => {
    const ended: Action = {type: 'load', event: {type: 'failed', error: 'x'}}
    const again = play(atRate, '5 enter', ended, 'e').state
    expect(again.overlay).toMatchObject({kind: 'form', form: {given: {rate: '20005'}}})
  })

  it('is not taken with a mistake in it, and shows where it is', () => {
    const {state, effects} = play(atRate, 'x tab tab enter')
    expect(effects).toEqual([])
    expect(state).toMatchObject({overlay: {form: {marked: 3}}, notice: {tone: 'bad'}})
    expect(play(state, 'backspace enter').effects).toHaveLength(1)
  })

  it('forgets what was typed on esc', () => {
    expect(play(atRate, '5 esc').state).toMatchObject({overlay: null, load: {formValues: {}}})
  })

  it('takes a paste, and only its first line', () => {
    const pasted = play(atRate, 'ctrl+u', {type: 'paste', text: '77\n88'}).state
    expect(pasted.overlay).toMatchObject({form: {given: {rate: '77'}}})
  })

  it('knows no failover for a node that stands alone', () => {
    const fields = [{name: 'failover', label: 'failover', hint: '', choices: ['off', 'on']}]
    const resolve = (given: object) => ({values: {failover: 'off', ...given}, problems: {}})
    const profile = {name: 'alone', summary: '', form: {title: '', accept: 'start load', fields, resolve}}
    const single = {...pairSample(), pairs: []}
    const {state} = play(
      ready,
      {type: 'sample', sample: single},
      {type: 'load', event: {type: 'listed', profiles: [profile, profile]}},
      'e tab right',
    )
    expect(state.overlay).toMatchObject({
      form: {resolution: {problems: {failover: 'Expected a target with a partner, got m1 alone'}}},
    })
  })
})

describe('saving a profile', () => {
  const request = {
    type: 'save',
    profile: 'seed',
    given: {rate: '20005'},
    path: 'my-seed.yaml',
    overwrite: false,
  } as const

  it('asks for a file, from the form and beside it', () => {
    expect(play(atRate, '5 ctrl+s enter').effects).toEqual([{type: 'load', request}])
    expect(play(ready, 'w enter').effects).toEqual([{type: 'load', request: {...request, given: {}}}])
    expect(modeOf(play(ready, 'w').state)).toBe('form')
  })

  it('wants a name that --profile takes for a file', () => {
    expect(play(ready, 'w backspace enter')).toMatchObject({effects: [], state: {notice: {tone: 'bad'}}})
  })

  it('goes back to the form that it came from', () => {
    expect(play(atRate, '5 ctrl+s esc').state.overlay).toMatchObject({form: {given: {rate: '20005'}}})
    expect(play(ready, 'w esc').state.overlay).toBeNull()
  })

  it('asks before it writes over a file', () => {
    const taken: Action = {type: 'load', event: {type: 'taken', request}}
    expect(play(ready, taken, 'enter').effects).toEqual([])
    expect(play(ready, taken, 'y').effects).toEqual([{type: 'load', request: {...request, overwrite: true}}])
  })

  it('makes the file the choice', () => {
    const profiles = [fakeProfile('smoke'), fakeProfile('seed'), fakeProfile('./my-seed.yaml')]
    const saved: Action = {type: 'load', event: {type: 'saved', profile: 'seed', path: './my-seed.yaml', profiles}}
    const {state} = play(atRate, '5 ctrl+s enter', saved)
    expect(state).toMatchObject({load: {profileIndex: 2, formValues: {}}, notice: {tone: 'ok'}})
    expect(state.notice?.text).toContain('repbench load --profile ./my-seed.yaml')
  })
})
