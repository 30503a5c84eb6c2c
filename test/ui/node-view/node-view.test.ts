import {describe, expect, it} from 'vitest'
import type {NodeStatus} from '../../../src/server/node-api/cluster-node.js'
import type {LinkVerdict} from '../../../src/server/node-api/link-verdict.js'
import type {LinkTruth} from '../../../src/server/observe/link-watch.js'
import type {NodeRates} from '../../../src/server/stats/node-rates.js'
import {
  addPoll,
  breakReason,
  hitShare,
  type NodePoll,
  neverPolled,
  pairLink,
} from '../../../src/ui/node-view/node-view.js'
import {answeredSample, nodeRates} from '../../helpers/node-samples.js'
import {deadStatus, nodeEvent, nodeView, silentNode} from '../helpers/fake-nodes.js'

const polled = (...answers: (Partial<NodeRates> | null)[]): NodePoll =>
  answers.reduce<NodePoll>((poll, rates) => {
    if (rates === null) return addPoll(poll, null, false)
    return addPoll(poll, answeredSample('m1', {rates: nodeRates(rates)}), true)
  }, neverPolled)

describe('polls', () => {
  it('keep one rate a second, and leave a gap where the node did not answer', () => {
    const poll = polled({operations: 5}, null, {operations: 100})
    expect(poll.history.map(entry => entry?.operations ?? null)).toEqual([5, null, 100])
    expect(polled({}, null).answers).toBe(false)
  })

  it('give the share of hits, and none without gets', () => {
    expect(hitShare(polled({gets: 100, hits: 90}))).toBe(0.9)
    expect(hitShare(polled({sets: 10}))).toBeNull()
    expect(hitShare(polled({gets: 100, hits: 90}, null))).toBeNull()
  })

  it('give it of all gets, however unequal the intervals', () => {
    // 1,000 gets in 1 s, all hits; 1,000 in 0.1 s, none: added up, a half.
    const poll = polled({gets: 1000, hits: 1000, seconds: 1}, {gets: 10_000, hits: 0, seconds: 0.1})
    expect(hitShare(poll)).toBeCloseTo(0.5, 9)
  })
})

describe('the link of a pair', () => {
  const link = (master: Partial<NodeStatus>, slave: Partial<NodeStatus>) =>
    pairLink(nodeView('m1', master), nodeView('s1', slave))

  it.each<[string, Partial<NodeStatus>, Partial<NodeStatus>]>([
    ['paired', {}, {}],
    ['frozen', {state: 'paused'}, {}],
    ['unpaired', {link: 'listening'}, {link: 'listening'}],
    ['unpaired', {link: 'paired'}, {link: 'orphaned'}],
    ['joining', {link: 'listening'}, {link: 'syncing'}],
    ['joining', {}, {state: 'starting', link: 'syncing'}],
    ['down', deadStatus, {link: 'listening'}],
    ['down', deadStatus, {state: 'starting'}],
    ['unknown', {link: 'unknown'}, {}],
  ])('is %s', (expected, master, slave) => expect(link(master, slave)).toBe(expected))

  it('is not called paired while one of them does not answer', () => {
    expect(pairLink(nodeView('m1'), silentNode('s1'))).toBe('silent')
    expect(pairLink(silentNode('m1'), nodeView('s1', {link: 'listening'}))).toBe('unpaired')
  })
})

describe('the reason of a broken link', () => {
  const pair = {master: 'm1', slave: 's1', replicationPort: 1, truth: null, lagUs: null}

  it('is the overflow, and not what it led to', () => {
    const events = [nodeEvent('overflow', 'queue full'), nodeEvent('linkLost', 'link lost', 's1')]
    expect(breakReason(pair, events)?.text).toBe('queue full')
  })

  it('is nothing from before the last link', () => {
    expect(breakReason(pair, [nodeEvent('overflow', 'old'), nodeEvent('linkUp', 'up')])).toBeUndefined()
  })
})

describe('the link of watched nodes', () => {
  const finding = (verdict: LinkVerdict, proven = false) => ({verdict, why: '', proven, parting: null, sinceMs: 0})
  const linkOf = (link: NodeStatus['link'], truth: LinkTruth) => {
    const node = nodeView('m1', {link, role: 'none'})
    return pairLink(node, node, truth)
  }

  it.each([
    ['paired', finding('paired', true)],
    ['claimed', finding('paired')],
    ['unpaired', finding('unpaired-but-serving')],
    ['unknown', finding('unknown')],
    ['unknown', finding('listening')],
  ] as const)('is %s where no log can be read and the finding is %j', (expected, truth) => {
    expect(linkOf('unknown', truth)).toBe(expected)
  })

  it.each([
    ['paired', finding('paired', true)],
    ['claimed', finding('paired')],
    ['unproven', finding('unknown')],
    ['unpaired', finding('unpaired-but-serving')],
  ] as const)('is %s where the logs say paired and the finding is %j', (expected, truth) => {
    expect(linkOf('paired', truth)).toBe(expected)
  })
})
