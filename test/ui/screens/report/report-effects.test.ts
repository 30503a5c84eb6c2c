import {describe, expect, it, vi} from 'vitest'
import type {ReportPort} from '../../../../src/ui/ports/report-port.js'
import {ReportEffects} from '../../../../src/ui/screens/report/report-effects.js'
import {openedReport, savedDrill, savedRun} from '../../helpers/fake-history.js'
import {fakeServices, settled} from '../../helpers/fake-services.js'

const [first, second] = [savedRun(1), savedRun(2)]
const report = openedReport('text')

function effectsWith(given: Partial<ReportPort>) {
  const fakes = fakeServices({reports: given as ReportPort})
  return {...fakes, effects: new ReportEffects(fakes.services)}
}

describe('the history', () => {
  it('is listed, or it is said why not', async () => {
    const list = vi.fn(async () => ({entries: [first], older: 3}))
    const {effects, actions} = effectsWith({list})
    effects.carryOut({type: 'list', limit: 60})
    await settled()
    expect(list).toHaveBeenCalledExactlyOnceWith(60)
    expect(actions).toEqual([{type: 'report', event: {type: 'listed', entries: [first], older: 3}}])
    const broken = effectsWith({list: async () => Promise.reject(new Error('got ENOTDIR'))})
    broken.effects.carryOut({type: 'list', limit: 60})
    await settled()
    expect(broken.actions).toEqual([{type: 'report', event: {type: 'unlisted', problem: 'got ENOTDIR'}}])
  })

  it('is read again as far as before when a file of it was deleted', async () => {
    const list = vi.fn(async () => ({entries: [first], older: 0}))
    const remove = vi.fn(async () => {})
    const {effects, log} = effectsWith({list, remove})
    effects.carryOut({type: 'list', limit: 260})
    await settled()
    effects.carryOut({type: 'remove', path: '/a.json'})
    await settled()
    expect(remove).toHaveBeenCalledExactlyOnceWith('/a.json')
    expect(list.mock.calls).toEqual([[260], [260]])
    expect(log).toEqual(['report listed', 'report listed', 'notice'])
  })
})

describe('a report', () => {
  it.each([
    [first, `Run 1 ${first.name}`],
    [savedDrill('pause'), 'Drill pause'],
  ])('is opened under its name', async (entry, title) => {
    const open = vi.fn(async () => report)
    const {effects, actions} = effectsWith({open})
    effects.carryOut({type: 'open', entry})
    await settled()
    expect(open).toHaveBeenCalledExactlyOnceWith(entry)
    expect(actions).toEqual([{type: 'report', event: {type: 'opened', title, report}}])
  })

  it('compares the first run with the second', async () => {
    const compare = vi.fn(async () => report)
    const {effects, actions} = effectsWith({compare})
    effects.carryOut({type: 'compare', first, second})
    await settled()
    expect(compare).toHaveBeenCalledExactlyOnceWith(first, second)
    expect(actions).toMatchObject([{event: {title: 'A: run 1   B: run 2'}}])
  })

  it('is exported, or it is said why not', async () => {
    const {effects, actions} = effectsWith({export: async () => ['./a.json', './a.md']})
    effects.carryOut({type: 'export', entry: first})
    await settled()
    expect(actions).toEqual([{type: 'notice', notice: {tone: 'ok', text: 'Written: ./a.json and .md'}}])
    const full = effectsWith({export: async () => Promise.reject(new Error('disk full'))})
    full.effects.carryOut({type: 'export', entry: first})
    await settled()
    expect(full.actions).toEqual([{type: 'notice', notice: {tone: 'bad', text: 'disk full'}}])
  })
})
