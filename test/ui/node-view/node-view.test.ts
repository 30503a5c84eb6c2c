import {describe, expect, it} from 'vitest'
import type {NodeStatus} from '../../../src/server/node-api/cluster-node.js'
import type {LinkVerdict} from '../../../src/server/node-api/link-verdict.js'
import type {LinkTruth} from '../../../src/server/observe/link-watch.js'
import {
  addPoll,
  breakReason,
  hitShare,
  type NodePoll,
  neverPolled,
  pairLink,
  sampleOf,
} from '../../../src/ui/node-view/node-view.js'
import {deadStatus, nodeEvent, nodeView, silentNode} from '../helpers/fake-nodes.js'

interface Answer {
  readonly pid?: number
  readonly sets: number
  readonly gets?: number
  readonly hits?: number
  readonly atMs?: number
}

function polled(...answers: (Answer | null)[]): NodePoll {
  return answers.reduce<NodePoll>((poll, answer, index) => {
    if (answer === null) return addPoll(poll, null, false)
    const {pid = 1, sets, gets = 0, hits = 0, atMs = index * 1000} = answer
    const stats = new Map(
      Object.entries({pid, cmd_set: sets, cmd_get: gets, get_hits: hits}).map(([k, v]) => [k, `${v}`]),
    )
    return addPoll(poll, sampleOf(stats, {atMs, roundTripMs: 0.1}), true)
  }, neverPolled)
}

const rates = (poll: NodePoll) => poll.history.map(entry => entry?.operations ?? null)

describe('rates', () => {
  it('are differences per second, from the second sample on', () => {
    expect(rates(polled({sets: 100}, {sets: 1100}, {sets: 1100}))).toEqual([null, 1000, 0])
  })

  it('survive a restart: counters that went back, or another process, counted from 0', () => {
    expect(rates(polled({sets: 5000}, {sets: 30}))).toEqual([null, 30])
    expect(rates(polled({pid: 1, sets: 10}, {pid: 2, sets: 40}))).toEqual([null, 40])
  })

  it('leave a gap where the node did not answer', () => {
    const poll = polled({sets: 0}, null, {sets: 500}, {sets: 600})
    expect(rates(poll)).toEqual([null, null, null, 100])
    expect(polled({sets: 0}, null).answers).toBe(false)
  })

  it('give the share of hits, and none without gets', () => {
    expect(hitShare(polled({sets: 0}, {sets: 0, gets: 100, hits: 90}))).toBe(0.9)
    expect(hitShare(polled({sets: 0}, {sets: 10}))).toBeNull()
    expect(hitShare(polled({sets: 0}, {sets: 0, gets: 100, hits: 90}, null))).toBeNull()
  })
})

describe('the share of hits', () => {
  it('is of all gets, however unequal the intervals', () => {
    // 1,000 gets in 1 s, all hits; 1,000 in 0.1 s, none: added up, a half.
    const poll = polled(
      {sets: 0, atMs: 0},
      {sets: 0, gets: 1000, hits: 1000, atMs: 1000},
      {sets: 0, gets: 2000, hits: 1000, atMs: 1100},
    )
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
