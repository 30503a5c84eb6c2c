import {describe, expect, it} from 'vitest'
import {noTraffic} from '../../../src/ask/own-traffic.js'
import {parseStats} from '../../../src/protocol/text/stats-reply.js'
import {claimOfEvent, claimOfSample, claimOfState} from '../../../src/server/observe/link-claim.js'
import {figuresOf} from '../../../src/server/stats/node-figures.js'
import type {NodeSample} from '../../../src/server/stats/node-sample.js'
import type {ReplicationFigures} from '../../../src/server/stats/replication-stats.js'
import {linesOf, recordedStats} from '../../helpers/recorded-stats.js'

const recorded = recordedStats()

function sample(name: keyof typeof recorded, parts: Partial<Extract<NodeSample, {kind: 'answered'}>>): NodeSample {
  const figures = figuresOf(parseStats(linesOf(recorded[name].stats))!, noTraffic, 1)
  return {
    kind: 'answered',
    node: 'n',
    atMs: 5,
    roundTripMs: 1,
    figures,
    clients: 0,
    rates: null,
    restarted: false,
    replication: null,
    innerConnections: null,
    slabs: null,
    ...parts,
  }
}

describe('what figures tell of the link', () => {
  const real = (innerConnections: number | null) => sample('repcached-2.3.1', {innerConnections})

  it.each([
    [3, 'paired'],
    [1, 'listening'],
    [0, 'orphaned'],
  ] as const)('%i connections of its own: a repcached is %s', (inner, link) => {
    expect(claimOfSample(real(inner), real(inner))).toEqual({link, source: 'curr_connections', atMs: 5})
  })

  it('counts twice before it believes', () => {
    expect(claimOfSample(real(1), real(3))).toBeNull()
    expect(claimOfSample(real(1), undefined)).toBeNull()
    expect(claimOfSample(real(2), real(2))).toBeNull()
    expect(claimOfSample(real(null), real(null))).toBeNull()
  })

  it('believes an embedded node', () => {
    const replication = {link: 'orphaned', role: 'none'} as ReplicationFigures
    expect(claimOfSample(sample('embedded', {replication}), undefined)).toMatchObject({link: 'orphaned'})
  })

  it('hears nothing from a memcached, nor from silence', () => {
    const plain = sample('memcached-1.6.18', {innerConnections: 0})
    expect(claimOfSample(plain, plain)).toBeNull()
    const silence: NodeSample = {kind: 'silent', node: 'n', atMs: 5, problem: 'none', sinceMs: 1}
    expect(claimOfSample(silence, plain)).toBeNull()
  })
})

it('follows a log', () => {
  expect([claimOfState('paired'), claimOfState('syncing'), claimOfState('none')]).toEqual(['paired', 'joining', null])
  expect([claimOfEvent('linkUp'), claimOfEvent('linkLost'), claimOfEvent('bindFailed')]).toEqual([
    'paired',
    'apart',
    'orphaned',
  ])
  expect([claimOfEvent('killed'), claimOfEvent('overflow')]).toEqual([null, undefined])
})
