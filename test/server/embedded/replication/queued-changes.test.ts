import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest'
import {type ChangeSender, QueuedChanges} from '../../../../src/server/embedded/replication/queued-changes.js'
import {CasCounter} from '../../../../src/server/embedded/store/cas-counter.js'

/** A link's sender that sends nothing by itself, and notes what it is asked for. */
class Sender implements ChangeSender {
  sentBytes = 0
  copying = false
  readonly asked: string[] = []
  schedule(): void {
    this.asked.push('schedule')
  }
  pump(): void {
    this.asked.push('pump')
  }
  sendChanges(): void {
    this.asked.push('sendChanges')
  }
}

function make({queueLimit = 8, resilient = false} = {}) {
  let overflows = 0
  const changes = new QueuedChanges({
    settings: {queueLimit, resilient},
    cas: new CasCounter(),
    onOverflow: () => {
      overflows++
    },
  })
  const sender = new Sender()
  const store = (key: string) => changes.stored(Buffer.from(key), 0, key.length)
  return {changes, sender, store, overflows: () => overflows}
}

const missedKeys = (changes: QueuedChanges) => Array.from(changes.missedDeletes.all(), ({key}) => key.toString())

describe('changes on their way to the peer', () => {
  it('are queued by their keys only while there is a link', () => {
    const {changes, sender, store} = make()
    store('before')
    expect(changes.queue.depth).toBe(0)
    changes.attach(sender)
    store('a')
    changes.deleted(Buffer.from('bc'), 0, 2)
    changes.evicted(Buffer.from('d'), 0, 1)
    changes.flushed(1234)
    const queued: string[] = []
    for (const {queue} = changes; queue.depth > 0; queue.drop()) {
      queued.push(`${queue.kind} ${queue.bytes.toString('latin1', queue.start, queue.end)}`)
    }
    expect(queued).toEqual(['stored a', 'deleted bc', 'deleted d', 'frame flush_all 1234\r\n'])
    store('e')
    changes.detach()
    expect(changes.queue.depth).toBe(0)
  })

  it('are sent at the end of the turn, before replies, and at once when the queue is half full', () => {
    const {changes, sender, store} = make()
    changes.sendBeforeReplies()
    changes.attach(sender)
    for (const key of ['a', 'b', 'c']) store(key)
    expect(sender.asked).toEqual(['schedule', 'schedule', 'schedule'])
    changes.sendBeforeReplies()
    store('d')
    expect(sender.asked.slice(3)).toEqual(['sendChanges', 'pump'])
  })

  it('end the link when they do not fit into the queue', () => {
    const {changes, sender, store, overflows} = make()
    changes.attach(sender)
    for (let key = 0; key < 8; key++) store(String(key))
    expect(overflows()).toBe(0)
    store('8')
    expect(overflows()).toBe(1)
    expect(changes.queue.depth).toBe(8)
  })

  it('that delete keys during an outage are remembered by a resilient node, until the key is stored again', () => {
    const plain = make()
    plain.changes.deleted(Buffer.from('a'), 0, 1)
    expect(missedKeys(plain.changes)).toEqual([])
    const {changes, sender, store} = make({resilient: true})
    for (const key of ['a', 'b']) changes.deleted(Buffer.from(key), 0, 1)
    changes.evicted(Buffer.from('c'), 0, 1)
    expect(missedKeys(changes)).toEqual(['a', 'b'])
    store('a')
    expect(missedKeys(changes)).toEqual(['b'])
    changes.attach(sender)
    changes.deleted(Buffer.from('d'), 0, 1)
    expect(missedKeys(changes)).toEqual(['b'])
  })
})

describe('clients that write faster than the peer takes', () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  /** Half a queue of changes: clients are held. */
  function hold() {
    const made = make()
    made.changes.attach(made.sender)
    for (const key of ['a', 'b', 'c']) made.store(key)
    expect(made.changes.holding).toBe(false)
    made.store('d')
    expect(made.changes.holding).toBe(true)
    let released = false
    made.changes.whenReleased(() => {
      released = true
    })
    return {...made, released: () => released}
  }

  it('are held from half a queue on, and released at a quarter', async () => {
    const {changes, released} = hold()
    changes.queue.drop()
    changes.hold.shrunk()
    await vi.advanceTimersByTimeAsync(0)
    expect({released: released(), holding: changes.holding}).toEqual({released: false, holding: true})
    changes.queue.drop()
    changes.hold.shrunk()
    await vi.advanceTimersByTimeAsync(0)
    expect(released()).toBe(true)
  })

  it('may run no further command at three quarters', () => {
    const {changes, store} = hold()
    store('e')
    expect(changes.full).toBe(false)
    store('f')
    expect(changes.full).toBe(true)
  })

  it('are not held for a peer that takes nothing, until the queue has drained', async () => {
    const {changes, sender, store, released} = hold()
    sender.sentBytes = 100
    await vi.advanceTimersByTimeAsync(200)
    expect(changes.holding).toBe(true)
    await vi.advanceTimersByTimeAsync(201)
    expect({released: released(), holding: changes.holding}).toEqual({released: true, holding: false})
    store('e')
    expect(changes.holding).toBe(false)
    while (changes.queue.depth > 2) changes.queue.drop()
    changes.hold.shrunk()
    for (const key of ['g', 'h']) store(key)
    expect(changes.holding).toBe(true)
  })

  it('are released when the link is lost', async () => {
    const {changes, released} = hold()
    changes.detach()
    await vi.advanceTimersByTimeAsync(0)
    expect({released: released(), holding: changes.holding}).toEqual({released: true, holding: false})
  })

  it('are held for a join until its end, even with an empty queue', async () => {
    const {changes, sender} = make()
    changes.attach(sender)
    changes.hold.joinBegun()
    expect({holding: changes.holding, full: changes.full}).toEqual({holding: true, full: true})
    let released = false
    changes.whenReleased(() => {
      released = true
    })
    changes.hold.shrunk()
    await vi.advanceTimersByTimeAsync(1000)
    expect(released).toBe(false)
    changes.hold.joinEnded()
    await vi.advanceTimersByTimeAsync(0)
    expect(released).toBe(true)
  })
})
