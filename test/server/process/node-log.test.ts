import {describe, expect, it} from 'vitest'
import {freshLog, type NodeLogState, readLogLine} from '../../../src/server/process/node-log.js'

/** Replays a recorded log (spec section 8): the events it gives, and the state after each line. */
function replay(log: string, from: NodeLogState = freshLog) {
  let state = from
  const events: string[] = []
  const links: string[] = []
  for (const line of log.trim().split('\n')) {
    const reading = readLogLine(state, line.trim())
    state = reading.state
    links.push(`${state.link}/${state.role}`)
    if (reading.event !== null) events.push(reading.event.kind)
  }
  return {state, events, links}
}

const refusedStart = `
  replication: connect (peer=127.0.0.2:11212)
  replication: marugoto copying
  replication: close
  replication: listen
`

describe('readLogLine', () => {
  it('reads a refused start as a dial that failed, then a listener', () => {
    const {events, links} = replay(refusedStart)
    expect(events).toEqual(['dialling', 'dialFailed', 'listening'])
    expect(links).toEqual(['dialling/none', 'syncing/none', 'unknown/none', 'listening/none'])
  })

  it('reads a joiner as the slave', () => {
    const {events, links} = replay(`
      replication: connect (peer=127.0.0.1:11212)
      replication: marugoto copying
      replication: start
    `)
    expect(events).toEqual(['dialling', 'linkUp'])
    expect(links).toEqual(['dialling/none', 'syncing/none', 'paired/slave'])
  })

  it('reads an acceptor with an empty store as the master', () => {
    const {events, state} = replay(`${refusedStart}replication: accept`)
    expect(events.at(-1)).toBe('linkUp')
    expect(state).toMatchObject({link: 'paired', role: 'master'})
  })

  it('reads the full sync that an acceptor sends, with its keys', () => {
    const {events, links} = replay(`
      replication: accept
      replication: marugoto start
      replication: marugoto 40000
      replication: marugoto owari
    `)
    expect(events).toEqual(['linkUp', 'fullSyncStarted', 'fullSyncDone'])
    expect(links).toEqual(['paired/master', 'syncing/master', 'syncing/master', 'paired/master'])
    const sending = replay('replication: accept\nreplication: marugoto start\nreplication: marugoto 40000').state
    expect(readLogLine(sending, 'replication: marugoto owari').event?.text).toContain('40000 keys')
  })

  it('tells a lost link from a failed dial', () => {
    expect(replay('replication: accept\nreplication: close\nreplication: listen')).toMatchObject({
      events: ['linkUp', 'linkLost', 'listening'],
      state: {link: 'listening', role: 'none'},
    })
  })

  it('reports an overflow once, though every thread logs it', () => {
    const {events} = replay(`
      replication: accept
      replication: can't create Q_ITEM
      replication: can't create Q_ITEM
      replication: close
      replication: can't create Q_ITEM
      replication: listen
    `)
    expect(events).toEqual(['linkUp', 'overflow', 'linkLost', 'listening'])
  })

  it('reports the overflow of a later link again', () => {
    const first = replay(
      "replication: accept\nreplication: can't create Q_ITEM\nreplication: close\nreplication: listen",
    )
    const second = replay("replication: accept\nreplication: can't create Q_ITEM", first.state)
    expect(second.events).toEqual(['linkUp', 'overflow'])
  })

  it('reads a node that cannot bind its replication port as orphaned', () => {
    const {events, state} = replay(`
      replication: accept
      replication: close
      replication: failed to initialize replication server socket
    `)
    expect(events).toEqual(['linkUp', 'linkLost', 'bindFailed'])
    expect(state).toMatchObject({link: 'orphaned', role: 'none'})
  })

  it('reports a failed send with its errno and keeps the link state', () => {
    const reading = readLogLine({...freshLog, link: 'paired', role: 'master'}, 'replication: send error 104')
    expect(reading.event).toMatchObject({kind: 'sendError', text: expect.stringContaining('104')})
    expect(reading.state.link).toBe('paired')
  })

  it.each([
    'got signal 15',
    'cleanup complete',
    'replication: pop',
    'replication: qitem free 8191 items',
    '<26 new auto-negotiating client connection',
    'REP>26 STORED',
    '',
  ])('lets %j change nothing', line => {
    const state: NodeLogState = {...freshLog, link: 'paired', role: 'slave'}
    expect(readLogLine(state, line)).toEqual({state, event: null})
  })
})
