import {describe, expect, test} from 'vitest'
import {formatKey} from '../../../src/engine/data/key-text.js'
import {type MethodName, methods} from '../../../src/engine/data/methods.js'
import type {LoadPlan} from '../../../src/engine/plan/plan.js'
import type {ReadChecker} from '../../../src/engine/verify/read-checker.js'
import {newVerifyAssignment, Verifier} from '../../../src/engine/verify/verifier.js'
import {ReplyParser} from '../../../src/protocol/text/reply-parser.js'
import {makePlan} from '../helpers/plans.js'

const KEYS = 20

interface Client {
  readonly checker: ReadChecker
  /** Sends a write and has it answered; of null nothing comes yet. @returns its version */
  write(key: number, answer?: string | null, method?: MethodName): number
  /** Sends a read of some keys. */
  ask(...keys: number[]): void
  /** Bytes from the server, one by one where `cut`. */
  answer(text: string, cut?: boolean): void
}

class Bench {
  readonly plan: LoadPlan
  readonly #assignment
  readonly verifier: Verifier

  constructor(changes: Partial<LoadPlan> = {}) {
    this.plan = makePlan({keyCount: KEYS, sizes: {kind: 'uniform', minBytes: 8, maxBytes: 3000}, ...changes})
    this.#assignment = newVerifyAssignment(this.plan)
    this.verifier = this.thread()
  }

  thread(): Verifier {
    return new Verifier({plan: this.plan, assignment: this.#assignment})
  }

  client(verifier = this.verifier): Client {
    const checker = verifier.checker()
    const calls: MethodName[] = []
    const parser = new ReplyParser({
      onReply: kind => checker.replied(kind, methods[calls.shift() ?? 'get'], performance.now()),
      onValue: (line, start, end, size) => checker.onValue(line, start, end, size),
      onData: (bytes, start, end, last) => checker.onData(bytes, start, end, last),
    })
    const answer = (text: string, cut = false): void => {
      const bytes = Buffer.from(text, 'latin1')
      if (cut) for (const byte of bytes) parser.push(Uint8Array.of(byte))
      else parser.push(bytes)
    }
    return {
      checker,
      answer,
      write: (key, reply = 'STORED', method = 'set') => {
        calls.push(method)
        const version = checker.sentWrite(key, method === 'delete')
        if (reply !== null) answer(`${reply}\r\n`)
        return version
      },
      ask: (...keys) => {
        calls.push('get')
        for (const [place, key] of keys.entries()) checker.sentRead(key, place < keys.length - 1)
      },
    }
  }

  value(key: number, version: number, {size = 100, writer = 3, by = this.verifier} = {}): string {
    const buffer = Buffer.alloc(size)
    by.values.render(buffer, 0, {key, version, writer, size})
    return buffer.toString('latin1')
  }

  item(key: number, data: string): string {
    return `VALUE ${formatKey(this.plan.keyPrefix, key)} 0 ${data.length}\r\n${data}\r\n`
  }

  /** As an answer to a get of one key. */
  found(key: number, version: number, options = {}): string {
    return `${this.item(key, this.value(key, version, options))}END\r\n`
  }

  get counts() {
    const {examples: _, spells: __, worstStaleVersions, ...counts} = this.verifier.verification
    const faults = Object.entries(counts).filter(([, count]) => count > 0)
    return {...Object.fromEntries(faults), ...(worstStaleVersions > 0 ? {worstStaleVersions} : {})}
  }
}

describe('a value that is', () => {
  test.each([8, 23, 24, 100, 3000])('the last acknowledged one is fresh, in whatever pieces (%d bytes)', size => {
    const bench = new Bench()
    const client = bench.client()
    client.write(7)
    for (const cut of [false, true]) {
      client.ask(7)
      client.answer(bench.found(7, 1, {size}), cut)
    }
    expect(bench.counts).toEqual({fresh: 2})
  })

  test('on its way is fresh, and so is the one before it', () => {
    const bench = new Bench()
    const [owner, reader] = [bench.client(), bench.client()]
    owner.write(7)
    owner.write(7, null)
    for (const version of [1, 2]) {
      reader.ask(7)
      reader.answer(bench.found(7, version))
    }
    expect(bench.counts).toEqual({fresh: 2})
  })

  test('older than what was acknowledged at the send is stale by so many versions', () => {
    const bench = new Bench()
    const [owner, reader] = [bench.client(), bench.client()]
    for (let version = 1; version <= 5; version++) owner.write(7)
    reader.ask(7)
    reader.answer(bench.found(7, 2))
    reader.ask(7)
    reader.answer(bench.found(7, 4, {size: 10}))
    expect(bench.counts).toEqual({stale: 2, worstStaleVersions: 3})
    expect(bench.verifier.verification.examples[0]).toEqual({
      key: 'k:00000007',
      kind: 'stale',
      text: 'version 2, expected 5 or later',
    })
  })

  test('acknowledged only after the send of the read may be missed by it', () => {
    const bench = new Bench()
    const [owner, reader] = [bench.client(), bench.client()]
    owner.write(7)
    reader.ask(7)
    owner.write(7)
    reader.answer(bench.found(7, 1))
    expect(bench.counts).toEqual({fresh: 1})
  })

  test('another key’s or another run’s is foreign', () => {
    const bench = new Bench()
    const client = bench.client()
    client.write(7)
    client.write(8)
    client.ask(7)
    client.answer(`${bench.item(7, bench.value(8, 1))}END\r\n`)
    client.ask(7)
    client.answer(bench.found(7, 1, {by: new Bench().verifier}))
    expect(bench.counts).toEqual({foreign: 2})
    expect(bench.verifier.verification.examples.map(({text}) => text)).toEqual([
      'the value of k:00000008',
      'a value of another run',
    ])
  })

  test('of a version that nobody wrote is foreign', () => {
    const bench = new Bench()
    const client = bench.client()
    client.write(7)
    client.ask(7)
    client.answer(bench.found(7, 2))
    expect(bench.counts).toEqual({foreign: 1})
  })

  test('damaged is corrupt', () => {
    const bench = new Bench()
    const client = bench.client()
    client.write(7)
    const whole = bench.value(7, 1)
    const flipped = whole.slice(0, 60) + String.fromCharCode(whole.charCodeAt(60) ^ 1) + whole.slice(61)
    for (const data of [flipped, whole.slice(0, 99), whole.slice(1), '', 'x', '0'.repeat(100)]) {
      client.ask(7)
      client.answer(`${bench.item(7, data)}END\r\n`)
    }
    expect(bench.counts).toEqual({corrupt: 6})
    expect(bench.verifier.verification.examples[1]).toMatchObject({key: 'k:00000007', kind: 'corrupt'})
  })

  test('there before the run wrote the key is no fault', () => {
    const bench = new Bench()
    const client = bench.client()
    for (const data of [bench.value(7, 1, {by: new Bench().verifier}), 'something else']) {
      client.ask(7)
      client.answer(`${bench.item(7, data)}END\r\n`)
    }
    client.ask(KEYS + 5)
    client.answer('END\r\n')
    expect(bench.counts).toEqual({leftover: 2})
  })

  test('of a key that was not asked for is foreign', () => {
    const bench = new Bench()
    const client = bench.client()
    client.write(8)
    client.ask(7)
    client.answer(bench.found(8, 1))
    client.ask(7)
    client.answer('VALUE other 0 1\r\nx\r\nEND\r\n')
    expect(bench.counts).toEqual({foreign: 2})
    expect(bench.verifier.verification.examples[1]).toMatchObject({
      key: 'other',
      text: 'a value that was not asked for',
    })
  })
})

describe('no value', () => {
  test('of a key that was never acknowledged is a plain miss', () => {
    const bench = new Bench()
    const [owner, reader] = [bench.client(), bench.client()]
    owner.write(7, null)
    reader.ask(7)
    reader.answer('END\r\n')
    expect(bench.counts).toEqual({})
  })

  test('of a key that was acknowledged is missing', () => {
    const bench = new Bench()
    const client = bench.client()
    client.write(7)
    client.ask(7)
    client.answer('END\r\n')
    expect(bench.counts).toEqual({missing: 1})
    expect(bench.verifier.verification.examples).toEqual([
      {key: 'k:00000007', kind: 'missing', text: 'no value, expected version 1 or later'},
    ])
  })

  test('is right once a delete was sent, until a later write is acknowledged', () => {
    const bench = new Bench()
    const [owner, reader] = [bench.client(), bench.client()]
    owner.write(7)
    const expectMiss = (counts: object) => {
      reader.ask(7)
      reader.answer('END\r\n')
      expect(bench.counts).toEqual(counts)
    }
    owner.write(7, null, 'delete')
    expectMiss({})
    owner.answer('DELETED\r\n')
    expectMiss({})
    owner.write(7, 'NOT_FOUND', 'delete')
    expectMiss({})
    owner.write(7, null)
    expectMiss({})
    owner.answer('STORED\r\n')
    expectMiss({missing: 1})
  })

  test('is right when the key was deleted and written again while the read was under way', () => {
    const bench = new Bench()
    const [owner, reader] = [bench.client(), bench.client()]
    owner.write(7)
    reader.ask(7)
    owner.write(7, 'DELETED', 'delete')
    owner.write(7)
    reader.answer('END\r\n')
    expect(bench.counts).toEqual({})
  })

  test('is right after a write that failed, and of values that expire', () => {
    const bench = new Bench()
    const client = bench.client()
    client.write(7)
    client.write(7, 'SERVER_ERROR out of memory storing object')
    client.ask(7)
    client.answer('END\r\n')
    expect(bench.counts).toEqual({})
    const expiring = new Bench({ttlSeconds: 1})
    const other = expiring.client()
    other.write(7)
    other.ask(7)
    other.answer('END\r\n')
    expect(expiring.counts).toEqual({})
  })

  test('but an error says nothing', () => {
    const bench = new Bench()
    const client = bench.client()
    client.write(7)
    client.ask(7)
    client.answer('SERVER_ERROR busy\r\n')
    expect(bench.counts).toEqual({})
  })
})

describe('a deleted key', () => {
  test('whose value comes back is stale', () => {
    const bench = new Bench()
    const client = bench.client()
    client.write(7)
    client.write(7, 'DELETED', 'delete')
    client.ask(7)
    client.answer(bench.found(7, 1))
    expect(bench.counts).toEqual({stale: 1, worstStaleVersions: 1})
  })
})

describe('a write that was refused', () => {
  test.each<[MethodName, string]>([
    ['add', 'NOT_STORED'],
    ['replace', 'NOT_STORED'],
    ['cas', 'EXISTS'],
  ])('(%s) leaves what was there', (method, reply) => {
    const bench = new Bench()
    const client = bench.client()
    client.write(7)
    client.write(7, reply, method)
    client.ask(7)
    client.answer(bench.found(7, 1))
    client.ask(7)
    client.answer('END\r\n')
    expect(bench.counts).toEqual({fresh: 1, missing: 1})
  })
})

describe('a write that was lost with its connection', () => {
  test('may have happened or not', () => {
    const bench = new Bench()
    const [owner, reader] = [bench.client(), bench.client()]
    owner.write(7)
    owner.write(7, null)
    owner.checker.closed()
    for (const version of [1, 2]) {
      reader.ask(7)
      reader.answer(bench.found(7, version))
    }
    expect(bench.counts).toEqual({fresh: 2})
  })

  test('may happen late, after its successor; what was before it may not come back', () => {
    const bench = new Bench()
    const [owner, reader] = [bench.client(), bench.client()]
    owner.write(7)
    owner.write(7, null)
    owner.checker.closed()
    expect(owner.write(7)).toBe(3)
    for (const version of [2, 3, 1]) {
      reader.ask(7)
      reader.answer(bench.found(7, version))
    }
    expect(bench.counts).toEqual({fresh: 2, stale: 1, worstStaleVersions: 2})
  })

  test('and that was a delete may take the value away at any time', () => {
    const bench = new Bench()
    const [owner, reader] = [bench.client(), bench.client()]
    owner.write(7)
    owner.write(7, null, 'delete')
    owner.checker.closed()
    owner.write(7)
    reader.ask(7)
    reader.answer('END\r\n')
    expect(bench.counts).toEqual({})
  })

  test('leaves nothing behind on the connection that takes its place', () => {
    const bench = new Bench()
    const client = bench.client()
    client.ask(7, 8)
    client.answer(bench.item(7, 'x').slice(0, -1))
    client.checker.closed()
    client.checker.sentRead(8, false)
    client.checker.replied('end', methods.get, performance.now())
    expect(bench.counts).toEqual({leftover: 1})
  })
})

describe('a get of many keys', () => {
  test('checks each', () => {
    const bench = new Bench()
    const client = bench.client()
    for (let key = 1; key <= 6; key++) client.write(key)
    client.write(2)
    client.ask(1, 2, 3, 4, 5, 6, 19)
    const found = [bench.value(1, 1), bench.value(2, 1), '', bench.value(9, 1), bench.value(5, 1)]
    const items = found.map((data, place) => (data === '' ? '' : bench.item(place + 1, data)))
    client.answer(`${items.join('')}END\r\n`, true)
    expect(bench.counts).toEqual({fresh: 2, stale: 1, missing: 2, foreign: 1, worstStaleVersions: 1})
  })

  test('takes keys in any order, and one twice', () => {
    const bench = new Bench()
    const client = bench.client()
    for (let key = 1; key <= 3; key++) client.write(key)
    client.ask(1, 2, 3, 2)
    client.ask(1)
    const items = [3, 2, 1, 2].map(key => bench.item(key, bench.value(key, 1)))
    client.answer(`${items.join('')}END\r\n`)
    client.answer(bench.found(1, 1))
    expect(bench.counts).toEqual({fresh: 5})
  })

  test('does not lend its values to the call behind it', () => {
    const bench = new Bench()
    const client = bench.client()
    for (let key = 1; key <= 3; key++) client.write(key)
    client.ask(1, 2)
    client.ask(3)
    client.answer(`${bench.item(1, bench.value(1, 1))}${bench.item(3, bench.value(3, 1))}END\r\n`)
    client.answer('END\r\n')
    expect(bench.counts).toEqual({fresh: 1, foreign: 1, missing: 2})
  })
})

test('calls under way on one connection keep their order', () => {
  const bench = new Bench()
  const client = bench.client()
  for (let round = 1; round <= 50; round++) {
    client.write(7, null)
    client.ask(7)
    client.checker.sentOther(7)
  }
  for (let round = 1; round <= 50; round++) {
    client.answer('STORED\r\n')
    client.answer(bench.found(7, round))
    client.checker.replied('touched', methods.touch, performance.now())
  }
  expect(bench.counts).toEqual({fresh: 50})
  client.ask(7)
  client.answer(bench.found(7, 49))
  expect(bench.counts).toEqual({fresh: 50, stale: 1, worstStaleVersions: 1})
})

test('load threads see each other’s acknowledgements', () => {
  const bench = new Bench()
  const owner = bench.client(bench.thread())
  const reader = bench.client()
  owner.write(7)
  owner.write(7)
  reader.ask(7)
  reader.answer(bench.found(7, 1))
  expect(bench.counts).toEqual({stale: 1, worstStaleVersions: 1})
})

test('only the first few faults are described', () => {
  const bench = new Bench()
  const client = bench.client()
  client.write(7)
  for (let i = 0; i < 100; i++) {
    client.ask(7)
    client.answer('END\r\n')
  }
  expect(bench.counts).toEqual({missing: 100})
  expect(bench.verifier.verification.examples).toHaveLength(10)
})
