import {describe, expect, it} from 'vitest'
import type {LinkTruth} from '../../../src/server/observe/link-watch.js'
import type {Parting} from '../../../src/server/parting/parting.js'
import {monoTheme} from '../../../src/ui/draw/theme.js'
import {pairStatuses} from '../../../src/ui/node-view/pair-status.js'
import {topologyPane} from '../../../src/ui/screens/nodes/view/topology-pane.js'
import {initialState} from '../../../src/ui/shell/commands/screens.js'
import {headerLine} from '../../../src/ui/shell/frame/header.js'
import {update} from '../../../src/ui/shell/update.js'
import {pairSample} from '../helpers/fake-nodes.js'

const parting: Parting = {
  text: 'the nodes part: 52 and 2 items',
  detail: 'of 50 keys looked at 50 are on m1 only (such as bin1)',
  items: [52, 2],
  looked: 50,
  found: {onlyOnFirst: 50, onlyOnSecond: 0, different: 0},
  examples: ['bin1'],
  sinceMs: 0,
}

const proven: LinkTruth = {verdict: 'paired', why: 'writes cross both ways', proven: true, parting: null, sinceMs: 0}

/** The pane and the line at the top, of a pair whose logs say that it is linked. */
function drawn(truth: LinkTruth, width = 60): {pane: string; header: string} {
  const sample = pairSample()
  const pairs = sample.pairs.map(pair => ({...pair, truth}))
  const {state} = update(initialState({columns: 120, rows: 30}, 0), {type: 'sample', sample: {...sample, pairs}})
  const [status] = pairStatuses(state)
  const [master, slave] = state.nodes
  const pane = topologyPane({status, master, slave, fullSyncAtMs: null}, {width, height: 7}, monoTheme)
  return {pane: pane.join('\n'), header: headerLine(state, 120, monoTheme)}
}

describe('the pair on the Nodes screen and at the top', () => {
  it('is paired where writes were seen to cross', () => {
    const {pane, header} = drawn(proven)
    expect(pane).toContain('paired: writes on either side cross')
    expect(header).toContain('● paired')
  })

  it('parts where its nodes do, though its link is well', () => {
    const {pane, header} = drawn({...proven, parting})
    expect(pane).toContain('paired, but the nodes part: 52 and 2 items')
    expect(header).toContain('THE NODES PART')
    expect(drawn({...proven, parting}, 40).pane).toContain('paired, but the nodes part')
  })

  it('is linked, not proven, where no probe write was seen to cross', () => {
    const {pane, header} = drawn({...proven, verdict: 'unknown', proven: false})
    expect(pane).toContain('linked, not proven')
    expect(header).toContain('linked, not proven')
  })

  it('is what its nodes say where nothing is probed', () => {
    const {pane, header} = drawn({...proven, proven: false})
    expect(pane).toContain('linked by their word: not probed')
    expect(header).toContain('linked, not probed')
  })
})
