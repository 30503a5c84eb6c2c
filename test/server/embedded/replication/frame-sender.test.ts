import {beforeEach, describe, expect, it, vi} from 'vitest'
import {NodeLog} from '../../../../src/server/embedded/node/node-log-writer.js'
import {FrameSender} from '../../../../src/server/embedded/replication/frame-sender.js'
import {type QueuedKind, ReplicationQueue} from '../../../../src/server/embedded/replication/replication-queue.js'
import {FakeSocket} from '../../../helpers/fake-socket.js'
import {offlineContext} from '../../../helpers/offline.js'
import {storeItem} from '../../../helpers/stored-items.js'

const MIB = 1024 * 1024
const SCRATCH_BYTES = 256 * 1024

let context: ReturnType<typeof offlineContext>
let queue: ReplicationQueue
let socket: FakeSocket
let sender: FrameSender
let copied: number[]
let rounds: number
let unsendable: number
let log: string[]
let settings: {verbosity: number}

beforeEach(() => {
  context = offlineContext()
  queue = new ReplicationQueue(10_000)
  socket = new FakeSocket()
  copied = []
  rounds = 0
  unsendable = 0
  log = []
  settings = {verbosity: 1}
  sender = new FrameSender({
    store: context.store,
    queue,
    log: new NodeLog(settings, line => log.push(line.trimEnd())),
    socket: socket.socket,
    onCopied: keys => copied.push(keys),
    onSent: () => rounds++,
    onUnsendable: () => unsendable++,
  })
})

const turn = () => new Promise<void>(resolve => setImmediate(() => resolve()))

function change(key: string, kind: QueuedKind = 'stored'): void {
  const bytes = Buffer.from(`<${key}>`, 'latin1')
  queue.push(kind, bytes, 1, bytes.length - 1)
}

describe('queued changes', () => {
  it('are sent at the end of the turn, in their order, each item as it is then', async () => {
    storeItem(context, 'a', 'old', {cas: 4})
    change('a')
    change('b', 'deleted')
    change('flush_all \r\n', 'frame')
    change('gone')
    sender.schedule()
    sender.schedule()
    storeItem(context, 'a', 'new', {flags: 7, exptime: 2_000_000_000, cas: 5_000_000_000})
    expect([socket.sent, rounds, sender.idle]).toEqual(['', 0, false])
    await turn()
    expect(socket.sent).toBe('rep a 7 2000000000 3 5000000000\r\nnew\r\ndelete b\r\nflush_all \r\ndelete gone\r\n')
    expect([queue.depth, rounds, sender.idle, log]).toEqual([0, 1, true, []])
    await turn()
    expect(rounds).toBe(1)
  })

  it('may be scheduled again after each turn', async () => {
    sender.schedule()
    await turn()
    change('a', 'deleted')
    sender.schedule()
    await turn()
    expect([socket.sent, rounds]).toEqual(['delete a\r\n', 2])
  })

  it('of deleted keys are deletions, though an item is there by then', async () => {
    storeItem(context, 'a', 'x')
    change('a', 'deleted')
    sender.pump()
    expect(socket.sent).toBe('delete a\r\n')
  })

  it('are sent at once before replies, without any of a copy', async () => {
    storeItem(context, 'a', 'x')
    sender.sendChanges()
    expect(rounds).toBe(0)
    sender.startCopy({announcesEnd: true})
    change('b', 'deleted')
    sender.sendChanges()
    expect([socket.sent, rounds, sender.copying]).toEqual(['delete b\r\n', 1, true])
  })

  it('show in the log from -vv on', () => {
    settings.verbosity = 2
    change('a', 'deleted')
    change('b', 'deleted')
    sender.pump()
    expect(log).toEqual(['replication: pop', 'replication: pop'])
  })

  it.each(['a b', 'a\nb', 'a\0b'])('of keys that a frame cannot carry are left out and told: %j', key => {
    storeItem(context, key, 'x')
    change(key)
    change(key, 'deleted')
    change('c', 'deleted')
    sender.pump()
    expect([socket.sent, unsendable, queue.depth]).toEqual(['delete c\r\n', 2, 0])
  })
})

describe('a socket that does not take', () => {
  it('everything lets the queue wait from a megabyte on, until it has drained', () => {
    socket.takes = false
    socket.writableLength = MIB - 1
    change('a', 'deleted')
    sender.pump()
    expect([queue.depth, sender.idle]).toEqual([0, false])
    socket.writableLength = MIB
    change('b', 'deleted')
    sender.pump()
    sender.sendChanges()
    expect([queue.depth, socket.sent]).toEqual([1, ''])
    const before = rounds
    socket.takes = true
    socket.drain()
    expect([queue.depth, socket.sent, rounds]).toEqual([0, 'delete a\r\ndelete b\r\n', before + 1])
    expect(sender.idle).toBe(true)
  })

  it('any more keeps the queue, and loses what was ready to go', async () => {
    socket.writable = false
    change('a', 'deleted')
    sender.sendFrame('marugoto_end\r\n')
    await turn()
    expect([queue.depth, socket.sent, socket.bytesWritten]).toEqual([1, '', 0])
    socket.writable = true
    sender.pump()
    expect(socket.sent).toBe('delete a\r\n')
  })

  it('holds bytes that later frames do not touch', () => {
    socket.takes = false
    for (const key of ['a', 'b', 'c']) {
      change(key, 'deleted')
      sender.pump()
    }
    socket.takes = true
    socket.drain()
    expect(socket.sent).toBe('delete a\r\ndelete b\r\ndelete c\r\n')
  })

  it('gets no new buffer where one has come back', async () => {
    const allocate = vi.spyOn(Buffer, 'allocUnsafeSlow')
    const held = () => {
      socket.takes = false
      sender.sendFrame('x')
      sender.pump()
    }
    held()
    held()
    expect(allocate).toHaveBeenCalledTimes(2)
    expect(allocate).toHaveBeenCalledWith(SCRATCH_BYTES)
    socket.takes = true
    socket.drain()
    await turn()
    held()
    held()
    expect(allocate).toHaveBeenCalledTimes(2)
    allocate.mockRestore()
    socket.takes = true
    socket.drain()
    expect(socket.sent).toBe('xxxx')
  })

  it('gives back no buffer that was made for one large value, nor one that it took at once', async () => {
    storeItem(context, 'large', 'v'.repeat(SCRATCH_BYTES))
    socket.takes = false
    change('large')
    sender.pump()
    socket.takes = true
    socket.drain()
    sender.sendFrame('x')
    sender.pump()
    await turn()
    const allocate = vi.spyOn(Buffer, 'allocUnsafeSlow')
    socket.takes = false
    sender.sendFrame('y')
    sender.pump()
    expect(allocate).toHaveBeenCalledTimes(1)
    allocate.mockRestore()
    socket.takes = true
    socket.drain()
    expect(socket.sent.endsWith('xy')).toBe(true)
  })

  it('tells how much of it was sent', () => {
    sender.sendFrame('12345')
    sender.pump()
    expect(sender.sentBytes).toBe(5)
    socket.takes = false
    sender.sendFrame('678')
    sender.pump()
    expect([sender.sentBytes, sender.idle]).toEqual([5, false])
    socket.takes = true
    socket.drain()
    expect([sender.sentBytes, sender.idle]).toEqual([8, true])
  })
})

describe('frames', () => {
  it('that are ready-made go before everything that is queued', async () => {
    change('a', 'deleted')
    sender.sendFrame('flush_all 5\r\n')
    sender.sendFrame('marugoto_end\r\n')
    expect(socket.sent).toBe('')
    await turn()
    expect(socket.sent).toBe('flush_all 5\r\nmarugoto_end\r\ndelete a\r\n')
  })

  it('of an expired item tell of a deletion with its cas unique', async () => {
    sender.sendExpired({key: Buffer.from('a'), casHigh: 1, casLow: 2})
    sender.sendExpired({key: Buffer.from('b c'), casHigh: 1, casLow: 3})
    await turn()
    expect([socket.sent, unsendable]).toEqual([`rep a 0 2592001 0 ${2 ** 32 + 2}\r\n\r\n`, 1])
  })

  it('go out whenever the buffer is full, none of them cut or lost', () => {
    const writes: number[] = []
    const {write} = socket
    socket.write = (bytes, onWritten) => {
      writes.push(bytes.length)
      return write.call(socket, bytes, onWritten)
    }
    const frame = `${'f'.repeat(SCRATCH_BYTES / 4 - 1)}\n`
    for (let count = 0; count < 4; count++) sender.sendFrame(frame)
    expect(writes).toEqual([])
    sender.sendFrame('next\n')
    expect(writes).toEqual([SCRATCH_BYTES])
    sender.pump()
    expect(socket.sent).toBe(`${frame.repeat(4)}next\n`)
  })

  it('with keys and values of every length fit', () => {
    const lengths = [0, 1, 1000, SCRATCH_BYTES - 400, SCRATCH_BYTES, SCRATCH_BYTES + 1, 700_000]
    const expected = lengths.map((length, index) => {
      const key = `${index}`.padEnd(250, 'k')
      storeItem(context, key, 'v'.repeat(length), {flags: 2 ** 32 - 1, exptime: 2 ** 32 - 1, cas: 2 ** 53 - 1})
      change(key)
      return `rep ${key} 4294967295 4294967295 ${length} 9007199254740991\r\n${'v'.repeat(length)}\r\n`
    })
    for (let count = 0; count < 100; count++) {
      const key = `${count}`.padEnd(250, 'd')
      change(key, 'deleted')
      expected.push(`delete ${key}\r\n`)
    }
    sender.pump()
    expect(socket.sent === expected.join('')).toBe(true)
  })
})

describe('a copy', () => {
  /** Keys of the frames sent. */
  const keysSent = () => [...socket.take().matchAll(/^rep (\S+)/gm)].map(([, key]) => key)

  it('sends the live items in the order of their numbers, then its end', async () => {
    const {store} = context
    storeItem(context, 'a', 'a   ')
    storeItem(context, 'b', 'b   ')
    const gone = storeItem(context, 'gone', 'gone')
    storeItem(context, 'c', 'c   ')
    const dead = storeItem(context, 'dead', 'dead')
    store.columns.exptime[dead] = context.clock.nowSeconds
    change('gone', 'deleted')
    store.unlink(gone)
    sender.startCopy({announcesEnd: true})
    expect([sender.copying, sender.idle, socket.sent]).toEqual([true, false, ''])
    await turn()
    expect(socket.sent).toBe(
      `delete gone\r\n${['a', 'b', 'c'].map(key => `rep ${key} 0 0 4 1\r\n${key.padEnd(4)}\r\n`).join('')}marugoto_end\r\n`,
    )
    expect([copied, sender.copying, sender.idle]).toEqual([[3], false, true])
  })

  it('of an empty store says so, and where no end is announced it says nothing', async () => {
    sender.startCopy({announcesEnd: true})
    expect(sender.idle).toBe(false)
    await turn()
    await turn()
    expect([socket.take(), copied]).toEqual(['marugoto_end\r\n', [0]])
    storeItem(context, 'a', 'x')
    sender.startCopy({announcesEnd: false})
    await turn()
    await turn()
    expect([socket.sent, copied]).toEqual(['rep a 0 0 1 1\r\nx\r\n', [0, 1]])
  })

  it('leaves out the items with the mark of this join', async () => {
    storeItem(context, 'a', 'x', {syncMark: 3})
    storeItem(context, 'b', 'x', {syncMark: 2})
    storeItem(context, 'c', 'x')
    sender.startCopy({announcesEnd: false, exceptMark: 3})
    await turn()
    expect([keysSent(), copied]).toEqual([['b', 'c'], [2]])
    sender.startCopy({announcesEnd: false})
    await turn()
    expect([keysSent(), copied]).toEqual([
      ['a', 'b', 'c'],
      [2, 3],
    ])
  })

  it('leaves out keys that a frame cannot carry, and tells of them', async () => {
    storeItem(context, 'a b', 'x')
    storeItem(context, 'c', 'x')
    sender.startCopy({announcesEnd: false})
    await turn()
    expect([keysSent(), copied, unsendable]).toEqual([['c'], [1], 1])
  })

  it('sends 512 items a turn, and changes between them', async () => {
    for (let number = 0; number < 1100; number++) storeItem(context, `k${number}`, 'x')
    sender.startCopy({announcesEnd: true})
    await turn()
    expect([keysSent().length, copied, sender.copying]).toEqual([512, [], true])
    change('k1', 'deleted')
    await turn()
    const second = socket.sent
    expect(second.startsWith('delete k1\r\nrep k512 ')).toBe(true)
    expect(keysSent()).toHaveLength(512)
    await turn()
    expect([keysSent().length, copied, sender.copying]).toEqual([76, [1100], false])
  })

  it('does not send items that came after it began: they are changes', async () => {
    storeItem(context, 'a', 'x')
    sender.startCopy({announcesEnd: false})
    const {itemsEnd} = context.store.slabs
    while (context.store.slabs.itemsEnd === itemsEnd) storeItem(context, `k${context.store.items}`, 'x'.repeat(1000))
    const late = `k${context.store.items - 1}`
    await turn()
    expect(keysSent()).not.toContain(late)
  })

  it('waits while the socket does not take, without turns in vain, and goes on when it has drained', async () => {
    for (let number = 0; number < 600; number++) storeItem(context, `k${number}`, 'x'.repeat(5000))
    socket.takes = false
    sender.startCopy({announcesEnd: true})
    for (let count = 0; count < 5; count++) await turn()
    const [sentSoFar, turns] = [socket.writableLength, rounds]
    expect(sentSoFar).toBeGreaterThan(MIB)
    expect(sentSoFar).toBeLessThan(MIB + SCRATCH_BYTES + 5100)
    for (let count = 0; count < 5; count++) await turn()
    expect([rounds, socket.writableLength]).toEqual([turns, sentSoFar])
    socket.takes = true
    socket.drain()
    for (let count = 0; count < 5; count++) await turn()
    expect([keysSent().length, copied, sender.idle]).toEqual([600, [600], true])
  })

  it('does not go on when the socket has ended', async () => {
    storeItem(context, 'a', 'x')
    sender.startCopy({announcesEnd: true})
    socket.writable = false
    for (let count = 0; count < 3; count++) await turn()
    expect([socket.sent, copied, sender.copying, rounds]).toEqual(['', [], true, 1])
  })
})
