import {describe, expect, it} from 'vitest'
import type {PortHolder} from '../../../src/server/system/port-holder.js'
import {findThirdListener, type PairMember, watchThirdProcess} from '../../../src/server/topology/third-process.js'
import {FakeClusterNode} from '../../helpers/fake-node.js'

function makePair(): {m1: FakeClusterNode; s1: FakeClusterNode; t1: FakeClusterNode; pair: [PairMember, PairMember]} {
  const m1 = new FakeClusterNode('m1', {pid: 11, link: 'paired', role: 'master'})
  const s1 = new FakeClusterNode('s1', {pid: 12, link: 'paired', role: 'slave'})
  const t1 = new FakeClusterNode('t1', {pid: 13})
  const at = (node: FakeClusterNode, host: string) => ({node, replicationAddress: {host, port: 11212}})
  return {m1, s1, t1, pair: [at(m1, '127.0.0.1'), at(s1, '127.0.0.2')]}
}

const holding = (holder: PortHolder | null) => () => holder
const thirdTexts = ({told}: FakeClusterNode) =>
  told.filter(({kind}) => kind === 'thirdProcess').map(({text, facts}) => ({text, facts}))

describe('watchThirdProcess', () => {
  it('names the process that keeps a node of the pair from listening', () => {
    const {m1, t1, pair} = makePair()
    watchThirdProcess({pair, others: [t1], findHolder: holding({pid: 99, program: 'memcached'})})
    m1.report('bindFailed', 'cannot bind')
    expect(thirdTexts(m1)).toEqual([
      {
        text: 'its replication port 127.0.0.1:11212 is held by memcached (pid 99), which is not its partner',
        facts: {holderPid: 99, holder: 'memcached'},
      },
    ])
  })

  it('names our own third node', () => {
    const {m1, t1, pair} = makePair()
    watchThirdProcess({pair, others: [t1], findHolder: holding({pid: 13, program: 'memcached'})})
    m1.report('bindFailed', 'cannot bind')
    expect(thirdTexts(m1)[0]?.text).toContain('is held by t1 (pid 13)')
  })

  it('does not take the partner for a third process, which listens first on a shared address', () => {
    const {m1, s1, pair} = makePair()
    watchThirdProcess({pair, others: [], findHolder: holding({pid: 11, program: 'memcached'})})
    s1.report('bindFailed', 'cannot bind')
    expect(thirdTexts(s1)).toEqual([])
    expect(thirdTexts(m1)).toEqual([])
  })

  it('goes by what listens where the system does not tell who has a port', () => {
    const {m1, s1, t1, pair} = makePair()
    watchThirdProcess({pair, others: [t1], findHolder: holding(null)})
    m1.change({link: 'listening'})
    s1.report('bindFailed', 'cannot bind')
    expect(thirdTexts(s1)).toEqual([])
    t1.change({link: 'listening'})
    s1.change({link: 'orphaned'})
    m1.report('bindFailed', 'cannot bind')
    expect(thirdTexts(m1)[0]?.text).toContain('is held by t1, which')
  })

  it('tells when another node takes the port of a linked pair, and not of one that is apart', () => {
    const {m1, s1, t1, pair} = makePair()
    const stop = watchThirdProcess({pair, others: [t1]})
    m1.change({link: 'listening'})
    t1.report('listening', 'waits')
    expect(thirdTexts(t1)).toEqual([])
    m1.change({link: 'paired'})
    t1.report('listening', 'waits')
    expect(thirdTexts(t1)[0]?.text).toBe('took the free replication port while m1 and s1 are linked')
    stop()
    t1.report('listening', 'waits')
    expect(thirdTexts(t1)).toHaveLength(1)
    expect(s1.told).toEqual([])
  })

  it('tells when another node takes a place in the pair', () => {
    const {m1, s1, t1, pair} = makePair()
    watchThirdProcess({pair, others: [t1]})
    m1.change({link: 'orphaned', role: 'none'})
    t1.report('linkUp', 'linked')
    expect(thirdTexts(t1)[0]?.text).toBe('took a place in the pair, and linked with s1')
    expect(s1.told).toEqual([])
  })
})

describe('findThirdListener', () => {
  it('finds who listens on the port of a linked pair', () => {
    const {m1, pair} = makePair()
    const holder = {pid: 99, program: 'memcached'}
    expect(findThirdListener(pair, ({host}) => (host === '127.0.0.2' ? holder : null))).toEqual({
      address: {host: '127.0.0.2', port: 11212},
      holder,
    })
    expect(findThirdListener(pair, holding(null))).toBeNull()
    m1.change({link: 'listening'})
    expect(findThirdListener(pair, holding(holder))).toBeNull()
  })
})
