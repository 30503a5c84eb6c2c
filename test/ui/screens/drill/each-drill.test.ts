import {describe, expect, it, vi} from 'vitest'
import {ProbeThread} from '../../../../src/cli/probe-thread/probe-thread.js'
import {createDrillPort} from '../../../../src/cli/ui-host/drill-port.js'
import {drills} from '../../../../src/engine/drills/each/registry.js'
import type {Action} from '../../../../src/ui/core/action.js'
import type {SampleSource} from '../../../../src/ui/core/screen.js'
import type {DrillPort} from '../../../../src/ui/ports/drill-port.js'
import type {UiPorts} from '../../../../src/ui/ports/ui-ports.js'
import {DrillEffects} from '../../../../src/ui/screens/drill/drill-effects.js'
import {initialState} from '../../../../src/ui/shell/commands/screens.js'
import {createUiStore} from '../../../../src/ui/shell/store.js'
import {waitFor} from '../../../helpers/wait-for.js'
import {drillResult, drillSteps} from '../../helpers/fake-history.js'
import {pairSample} from '../../helpers/fake-nodes.js'

/** The real list of drills; what is started is only told. */
function openDrills() {
  const finished = Promise.withResolvers<typeof drillResult>()
  const start = vi.fn<DrillPort['start']>(() => ({stop() {}, finished: finished.promise}))
  const drills: DrillPort = {
    ...createDrillPort({context: {env: {}, version: ''}, probes: new ProbeThread()}),
    start,
    past: async () => [],
  }
  const sampler = {tick() {}, addDrillStep() {}, addDrillSnapshot() {}} as unknown as SampleSource
  const store = createUiStore(initialState({columns: 100, rows: 30}, 0), effect => {
    if (effect.type === 'drill') effects.carryOut(effect.request)
  })
  const effects = new DrillEffects({ports: {drills} as UiPorts, sampler, dispatch: store.dispatch})
  const press = (chord: string) => store.dispatch({type: 'press', press: {chord, text: ''}})
  return {store, start, press, finish: () => finished.resolve(drillResult)}
}

describe('each drill', () => {
  it.each(drills.map(({name}, index) => [name, index] as const))(
    '%s is started with a key, and ends with its verdict',
    async (name, index) => {
      const {store, start, press, finish} = openDrills()
      const state = () => store.state.getState().drill
      press('4')
      await waitFor(() => expect(state().drills).toHaveLength(drills.length))
      for (let at = 0; at < index; at += 1) press('j')
      press('enter')
      expect(start).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({drill: name, given: {}}))
      const sample: Action = {type: 'sample', sample: pairSample({}, {drill: {steps: drillSteps, snapshots: []}})}
      store.dispatch(sample)
      expect(state().run).toMatchObject({drill: name, phase: 'running', steps: drillSteps})
      finish()
      await waitFor(() => expect(state().run).toMatchObject({phase: 'ended', result: drillResult}))
    },
  )
})
