import {stripVTControlCharacters} from 'node:util'
import {describe, expect, it} from 'vitest'
import {monoTheme} from '../../../src/ui/draw/theme.js'
import {formPane} from '../../../src/ui/overlays/form-pane.js'
import {
  type FormCommand,
  type FormState,
  formCommand,
  hasProblems,
  markedField,
  markProblem,
  openForm,
  typeIntoForm,
} from '../../../src/ui/overlays/form-state.js'
import {fakeForm} from '../helpers/fake-profile.js'

const open = (given = {}) => openForm(fakeForm('Profile fake'), given)

function afterSteps(form: FormState, ...steps: (FormCommand | {type: string})[]): FormState {
  return steps.reduce(
    (state, step) => (typeof step === 'string' ? formCommand(state, step) : [...step.type].reduce(typeIntoForm, state)),
    form,
  )
}

const draw = (form: FormState, width = 80, height = 22) =>
  formPane(form, {width, height}, monoTheme).map(stripVTControlCharacters)

describe('a form', () => {
  it('goes round its fields, and by pages without going round', () => {
    expect(markedField(afterSteps(open(), 'previous'))?.name).toBe('more29')
    expect(markedField(afterSteps(open(), 'previous', 'next'))?.name).toBe('rate')
    expect(markedField(afterSteps(open(), 'pageDown', 'pageUp', 'pageUp'))?.name).toBe('rate')
    expect(markedField(afterSteps(open(), ...Array<FormCommand>(9).fill('pageDown')))?.name).toBe('more29')
  })

  it('is checked as it is typed', () => {
    const wrong = afterSteps(open(), 'backspace', {type: 'x'})
    expect(wrong.given).toEqual({rate: '200x'})
    expect(wrong.resolution.problems).toEqual({rate: "Expected a number, got '200x'"})
    const right = afterSteps(wrong, 'backspace', {type: '9'})
    expect(hasProblems(right)).toBe(false)
    expect(right.resolution.summary).toBe('2009 op/s of set')
  })

  it('takes an emptied field as not given', () => {
    const emptied = afterSteps(open(), 'killToStart')
    expect(emptied.given).toEqual({})
    expect(draw(emptied)[2]).toMatch(/> rate {2,}/)
    expect(draw(emptied)[2]).not.toContain('2000')
    expect(draw(afterSteps(emptied, 'next'))[2]).toContain('2000')
  })

  it('gives a field back what it had', () => {
    expect(afterSteps(open(), {type: '5'}, 'reset')).toMatchObject({given: {}, marked: 0})
    expect(draw(afterSteps(open(), {type: '5'}, 'reset'))[2]).toContain('2000')
  })

  it('moves in a text, and edits it there', () => {
    expect(afterSteps(open(), 'left', 'left', {type: '5'}).given).toEqual({rate: '20500'})
    expect(afterSteps(open(), 'start', 'delete', {type: '3'}, 'right', 'killToEnd').given).toEqual({rate: '30'})
  })

  it('chooses with arrows, the blank and letters', () => {
    const choice = afterSteps(open(), 'next')
    expect(afterSteps(choice, 'right').given).toEqual({method: 'get'})
    expect(afterSteps(choice, 'left').given).toEqual({method: 'get'})
    expect(afterSteps(choice, {type: '  '}).given).toEqual({method: 'set'})
    expect(afterSteps(choice, {type: 'g'}).given).toEqual({method: 'get'})
    expect(afterSteps(choice, {type: 'x'}, 'backspace', 'killWord').given).toEqual({})
  })

  it('leads to what is wrong', () => {
    const wrong = afterSteps(open({rate: 'x'}), 'previous')
    expect(markedField(markProblem(wrong))?.name).toBe('rate')
    expect(markProblem(open())).toMatchObject({marked: 0})
  })
})

describe('the picture of a form', () => {
  it('shows headings, values, hints, what was given, and what is wrong beside it', () => {
    const lines = draw(afterSteps(open(), {type: 'x'}, 'next'), 100, 22)
    expect(lines[0]).toContain('✖ 1 to fix')
    expect(lines[1]).toContain('How fast')
    expect(lines[2]).toMatch(/ {2}rate +\*2000x +✖ Expected a number, got '2000x'/)
    expect(lines[4]).toMatch(/> method +‹ set › +the command/)
  })

  it('explains the marked field in full below, and says what the form comes to', () => {
    const lines = draw(open())
    expect(lines.at(-4)).toContain('operations a second')
    expect(lines.at(-3)).toContain('= 2000 op/s of set')
  })

  it('keeps the marked field and its cursor in sight', () => {
    expect(draw(afterSteps(open(), 'previous')).some(line => line.includes('> more29'))).toBe(true)
    const long = draw(afterSteps(open(), 'next', 'next', {type: 'END'}), 80, 22)
    expect(long.find(line => line.includes('> name'))).toContain('longEND ')
  })
})
