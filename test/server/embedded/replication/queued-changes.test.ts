import {beforeEach, describe, expect, it} from 'vitest'
import {LinkFigures} from '../../../../src/server/embedded/replication/link-figures.js'
import {type ChangeSender, QueuedChanges} from '../../../../src/server/embedded/replication/queued-changes.js'
import {CasCounter} from '../../../../src/server/embedded/store/cas-counter.js'

let overflows = 0

beforeEach(() => {
  overflows = 0
})

class FakeSender implements ChangeSender {
  sentBytes = 42
  copying = true
  readonly told: string[] = []
  schedule(): void {
    this.told.push('schedule')
  }
  pump(): void {
    this.told.push('pump')
  }
  sendChanges(): void {
    this.told.push('send')
  }
}

const make = ({queueLimit = 8, resilient = false} = {}) =>
  new QueuedChanges({settings: {queueLimit, resilient}, cas: new CasCounter(), onOverflow: () => overflows++})
const key = (name: string): [Buffer, number, number] => [Buffer.from(`<${name}>`), 1, name.length + 1]

function queued({queue}: QueuedChanges): string[] {
  return Array.from({length: queue.depth}, () => {
    const {kind, bytes, start, end} = queue
    queue.drop()
    return `${kind} ${bytes.toString('latin1', start, end)}`
  })
}

describe('changes of clients', () => {
  it('are queued while there is a link, and its sender is told', () => {
    const changes = make({queueLimit: 100})
    const sender = new FakeSender()
    changes.attach(sender)
    changes.stored(...key('a'))
    changes.deleted(...key('b'))
    changes.evicted(...key('c'))
    changes.flushed(null)
    expect(changes).toMatchObject({depth: 4, limit: 100, sentBytes: 42, copying: true})
    expect(queued(changes)).toEqual(['stored a', 'deleted b', 'deleted c', expect.stringMatching(/^frame flush_all/)])
    expect(sender.told).toEqual(['schedule', 'schedule', 'schedule', 'schedule'])
    changes.sendBeforeReplies()
    expect(sender.told.at(-1)).toBe('send')
  })

  it('are not queued without one', () => {
    const changes = make()
    changes.stored(...key('a'))
    changes.deleted(...key('b'))
    changes.evicted(...key('c'))
    changes.flushed(null)
    changes.sendBeforeReplies()
    expect(changes).toMatchObject({depth: 0, sentBytes: 0, copying: false})
    expect(changes.missedDeletes.size).toBe(0)
  })

  it('that do not fit lose the link', () => {
    const changes = make({queueLimit: 2})
    changes.attach(new FakeSender())
    changes.stored(...key('a'))
    changes.stored(...key('b'))
    expect(overflows).toBe(0)
    changes.stored(...key('c'))
    expect([overflows, changes.depth]).toEqual([1, 2])
  })

  it('are gone with the link', () => {
    const changes = make()
    changes.attach(new FakeSender())
    changes.stored(...key('a'))
    changes.detach()
    expect(changes).toMatchObject({depth: 0, sentBytes: 0, holding: false, full: false})
    changes.stored(...key('b'))
    expect(changes.depth).toBe(0)
  })

  it('hold clients from half of the queue on, and are sent at once then, until the link is gone', async () => {
    const changes = make({queueLimit: 8})
    const sender = new FakeSender()
    changes.attach(sender)
    for (const name of ['a', 'b', 'c']) changes.stored(...key(name))
    expect([sender.told, changes.holding]).toEqual([['schedule', 'schedule', 'schedule'], false])
    changes.stored(...key('d'))
    expect([sender.told.at(-1), changes.holding, changes.full]).toEqual(['pump', true, false])
    let released = 0
    changes.whenReleased(() => released++)
    for (const name of ['e', 'f']) changes.stored(...key(name))
    expect([changes.full, released]).toEqual([true, 0])
    changes.detach()
    expect(changes).toMatchObject({holding: false, full: false})
    await new Promise(resolve => setImmediate(resolve))
    expect(released).toBe(1)
  })

  it('a resilient node remembers what was deleted without a link, in order, until it is stored again', () => {
    const changes = make({resilient: true})
    changes.deleted(...key('a'))
    changes.deleted(...key('b'))
    const {missedDeletes} = changes
    const [a, b] = [...missedDeletes.all()]
    expect([a!.key.toString(), b!.key.toString()]).toEqual(['a', 'b'])
    expect(missedDeletes.supersedes(Buffer.from('a'), b!.casHigh, b!.casLow)).toBe(false)
    expect(missedDeletes.supersedes(Buffer.from('b'), a!.casHigh, a!.casLow)).toBe(true)
    changes.stored(...key('a'))
    expect([...missedDeletes.all()].map(({key: name}) => name.toString())).toEqual(['b'])
    changes.evicted(...key('c'))
    expect(missedDeletes.size).toBe(1)
  })

  it('a resilient node remembers nothing that its link carries', () => {
    const changes = make({resilient: true})
    changes.attach(new FakeSender())
    changes.deleted(...key('a'))
    expect([changes.missedDeletes.size, queued(changes)]).toEqual([0, ['deleted a']])
  })
})

it('the figures of a link tell of full copies and of the queue', () => {
  const changes = make({queueLimit: 10})
  const figures = new LinkFigures()
  const now = {mode: 'repcached', link: 'up', role: 'master', turnedAway: 3, queue: changes.queue} as never
  expect(figures.stats(now)).toMatchObject({
    queueFree: 10,
    queueDepth: 0,
    queuePeak: 0,
    fullSyncs: 0,
    resyncs: 0,
    lastFullSyncSeconds: null,
    lastFullSyncAt: null,
    overflows: 0,
  })
  changes.attach(new FakeSender())
  changes.stored(...key('a'))
  changes.stored(...key('b'))
  changes.queue.drop()
  const beforeMs = performance.now()
  figures.syncBegun()
  figures.syncDone()
  const seconds = (performance.now() - beforeMs) / 1000
  figures.overflows = 7
  const stats = figures.stats(now)
  expect(stats).toMatchObject({
    queueFree: 8,
    queueDepth: 1,
    queuePeak: 2,
    fullSyncs: 1,
    resyncs: 0,
    overflows: 7,
    turnedAway: 3,
  })
  expect(stats.lastFullSyncSeconds).toBeGreaterThanOrEqual(0)
  expect(stats.lastFullSyncSeconds!).toBeLessThanOrEqual(seconds)
  expect(Math.abs(stats.lastFullSyncAt! - Date.now() / 1000)).toBeLessThan(60)
  figures.syncDone()
  expect(figures.stats(now)).toMatchObject({fullSyncs: 2, resyncs: 1})
})
