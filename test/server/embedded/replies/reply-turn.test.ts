import {describe, expect, test} from 'vitest'
import type {ReplyBuffer} from '../../../../src/server/embedded/replies/reply-buffer.js'
import {type ReplyOwner, ReplyRange, ReplyTurn} from '../../../../src/server/embedded/replies/reply-turn.js'

/** A connection whose socket takes bytes at once, or holds them. */
class Owner implements ReplyOwner {
  readonly range = new ReplyRange()
  readonly sent: Buffer[] = []
  readonly held: ReplyBuffer[] = []
  holds = false
  turns = 0

  send(buffer: ReplyBuffer, start: number, end: number): void {
    // What a socket holds is not copied: it must not be overwritten.
    this.sent.push(this.holds ? buffer.view(start, end) : Buffer.from(buffer.view(start, end)))
    if (!this.holds) return
    buffer.hold()
    this.held.push(buffer)
  }

  turnEnded(): void {
    this.turns++
  }

  get text(): string {
    return Buffer.concat(this.sent).toString('latin1')
  }
}

function write(turn: ReplyTurn, owner: Owner, text: string): void {
  turn.begin(owner)
  turn.writer.text(text)
  turn.end()
}

describe('a turn of replies', () => {
  test('each connection gets its own, in order and in one piece', () => {
    const turn = new ReplyTurn()
    const [first, second] = [new Owner(), new Owner()]
    write(turn, first, 'one ')
    write(turn, first, 'two')
    write(turn, second, 'other')
    turn.flush()
    expect([first.text, second.text]).toEqual(['one two', 'other'])
    expect([first.sent.length, second.sent.length]).toEqual([1, 1])
    expect([first.turns, second.turns]).toEqual([1, 1])
  })

  test('a connection that writes again behind another gets both parts', () => {
    const turn = new ReplyTurn()
    const [first, second] = [new Owner(), new Owner()]
    write(turn, first, 'a')
    write(turn, second, 'b')
    write(turn, first, 'c')
    turn.flush()
    expect([first.text, second.text]).toEqual(['ac', 'b'])
  })

  test('replies that exceed the buffer, of any size, are sent before the turn ends', () => {
    const turn = new ReplyTurn()
    const owners = Array.from({length: 50}, () => new Owner())
    const texts = owners.map((_, index) => String.fromCharCode(65 + index).repeat(index === 7 ? 3_000_000 : 30_000))
    for (const [index, owner] of owners.entries()) write(turn, owner, texts[index]!)
    turn.flush()
    expect(owners.map(owner => owner.text === texts[owners.indexOf(owner)])).toEqual(owners.map(() => true))
  })

  test('bytes that a socket holds stay as they are until it has taken them', () => {
    const turn = new ReplyTurn()
    const slow = new Owner()
    const quick = new Owner()
    slow.holds = true
    write(turn, slow, 'slow')
    turn.flush()
    for (let index = 0; index < 3; index++) {
      write(turn, quick, 'quick')
      turn.flush()
    }
    expect(slow.text).toBe('slow')
    for (const buffer of slow.held) buffer.release()
    write(turn, quick, '.')
    turn.flush()
    expect(quick.text).toBe('quickquickquick.')
  })

  test('a steady load of any size needs no other buffer', () => {
    const turn = new ReplyTurn()
    const owner = new Owner()
    const buffers = new Set<Buffer>()
    for (let index = 0; index < 100; index++) {
      write(turn, owner, 'x'.repeat(100_000))
      buffers.add(turn.writer.buffer)
    }
    turn.flush()
    expect(buffers.size).toBe(1)
  })
})
