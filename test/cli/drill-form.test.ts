import {describe, expect, it} from 'vitest'
import {drillForm, setupFromForm} from '../../src/cli/drill/drill-form.js'
import {UsageError} from '../../src/cli/errors.js'
import {drills} from '../../src/engine/drills/registry.js'
import {budgetsOfForm} from '../../src/ui/drill-port.js'

const killMaster = drills.find(({name}) => name === 'kill-master')!
const form = drillForm(killMaster)

describe('the form of a drill', () => {
  it.each(drills)('$name is as the command without options', drill => {
    const {values, problems, summary} = drillForm(drill).resolve({})
    expect(problems).toEqual({})
    expect(budgetsOfForm(values)).toEqual(drill.budgets)
    expect(summary).toBe(`repbench drill ${drill.name}`)
    expect(setupFromForm({}, drill)).toMatchObject({topology: 'pair', resilient: false, timing: {beforeMs: 3000}})
  })

  it('names what is written wrong as the command line does', () => {
    const {problems} = form.resolve({rate: 'fast', hold: '2', 'budget-1': 'rtoo<2s', topology: 'single'})
    expect(problems).toEqual({
      rate: "Expected a rate per second from 0 to 10m, such as 500 or 50k, got 'fast'",
      hold: "Expected a duration such as 500ms, 10s or 2m, got '2'",
      'budget-1': "Expected a measure, got 'rtoo' (did you mean rto?)",
      topology: expect.stringMatching(/^Expected one of pair, repcached/),
    })
    expect(() => setupFromForm({rate: 'fast'}, killMaster)).toThrow(UsageError)
  })

  it('changes, adds and drops budgets', () => {
    const more = `budget-${killMaster.budgets.length + 1}`
    const given = {'budget-1': 'rto<800ms', 'budget-2': 'off', [more]: 'p99.after<50ms'}
    const budgets = ['rto<800ms', ...killMaster.budgets.slice(2), 'p99.after<50ms']
    expect(setupFromForm(given, killMaster).budgets.map(({expr}) => expr)).toEqual(budgets)
    expect(form.resolve(given).summary).toBe(
      `repbench drill kill-master ${budgets.map(expr => `--assert '${expr}'`).join(' ')}`,
    )
  })

  it('says how the same drill is run without the screen', () => {
    const given = {topology: 'repcached', resilient: 'on', rate: '20k', hold: '500ms'}
    expect(form.resolve(given).summary).toBe(
      'repbench drill kill-master --topology repcached --resilient --rate 20k --hold 500ms',
    )
    expect(setupFromForm(given, killMaster)).toMatchObject({
      topology: 'repcached',
      resilient: true,
      plan: {ratePerSecond: 20_000},
      timing: {beforeMs: 3000, holdMs: 500},
    })
  })
})
