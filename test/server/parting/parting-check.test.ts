import {beforeEach, describe, expect, it, onTestFinished, vi} from 'vitest'
import {lookForParting, type PartingFound} from '../../../src/server/parting/parting-check.js'
import {FakeAskedNode} from '../../helpers/fake-asked-node.js'
import {delayByFakeTimers} from '../../helpers/virtual-delay.js'

const keysOf = (prefix: string, count: number) => Array.from({length: count}, (_, index) => `${prefix}${index}`)

let first: FakeAskedNode
let second: FakeAskedNode

beforeEach(() => {
  vi.useFakeTimers({toFake: ['setTimeout', 'clearTimeout', 'performance']})
  onTestFinished(() => {
    vi.useRealTimers()
  })
  delayByFakeTimers()
  first = new FakeAskedNode()
  second = new FakeAskedNode()
})

/** A write on either node is on the other after so long. */
function link(delayMs = 0): void {
  for (const [from, to] of [
    [first, second],
    [second, first],
  ] as const) {
    from.onSet = key => {
      const item = from.items.get(key)!
      if (delayMs === 0) to.items.set(key, item)
      else setTimeout(() => to.items.set(key, item), delayMs)
    }
  }
}

interface Look {
  readonly share?: number
  readonly mayWrite?: boolean
  readonly signal?: AbortSignal
}

/** Looks, and lets as much time pass as that takes. */
async function look({share = 1, mayWrite = true, signal = new AbortController().signal}: Look = {}): Promise<{
  found: PartingFound | null | Error
  tookMs: number
}> {
  const beganMs = performance.now()
  let found: PartingFound | null | Error | undefined
  void lookForParting({nodes: [first.connection, second.connection], share, mayWrite, signal}).then(
    done => {
      found = done
    },
    error => {
      found = error
    },
  )
  for (let turn = 0; turn < 20_000 && found === undefined; turn++) {
    for (let count = 0; count < 4; count++) await new Promise(resolve => setImmediate(resolve))
    if (found === undefined) vi.advanceTimersByTime(5)
  }
  if (found === undefined) throw new Error('Expected a look to end, got none')
  return {found, tookMs: performance.now() - beganMs}
}

const sets = ({asked}: FakeAskedNode) => asked.filter(request => request.startsWith('set '))
const deletes = ({asked}: FakeAskedNode) => asked.filter(request => request.startsWith('delete '))

describe('nodes that hold the same', () => {
  it('are looked at once, without a write', async () => {
    for (const node of [first, second]) node.put(keysOf('k', 30))
    expect(await look()).toEqual({found: {looked: 30, parted: []}, tookMs: 0})
    expect([sets(first), sets(second)]).toEqual([[], []])
  })

  it('may be empty', async () => {
    expect((await look()).found).toEqual({looked: 0, parted: []})
  })

  it.each([
    [1, 100],
    [0.05, 100],
    [0.04, 125],
    [0.0025, 2000],
    [0.002, 2000],
    [0, 2000],
    [0.003, 1667],
  ])('are looked at by the share that parts: of %d at %d keys', async (share, count) => {
    first.put(['k'])
    second.put(['k'])
    await look({share})
    expect(first.asked).toContain(`stats cachedump 1 ${count + 240}`)
  })
})

describe('nodes that part', () => {
  beforeEach(() => link())

  it('are told apart by what each lacks or holds otherwise', async () => {
    first.put(['same', 'a', 'b'])
    second.put(['same', 'c'])
    first.put(['d'], {value: 'one'})
    second.put(['d'], {value: 'two'})
    first.put(['e'], {value: 'v', flags: 1})
    second.put(['e'], {value: 'v', flags: 2})
    const {found, tookMs} = await look()
    expect(found).toEqual({
      looked: 6,
      parted: [
        {key: 'a', kind: 'onlyOnFirst'},
        {key: 'b', kind: 'onlyOnFirst'},
        {key: 'd', kind: 'different'},
        {key: 'e', kind: 'different'},
        {key: 'c', kind: 'onlyOnSecond'},
      ],
    })
    expect(tookMs).toBe(0)
  })

  it('are looked at again twice, each time after writes of ours have crossed both ways and are gone', async () => {
    first.put(['a'])
    await look()
    for (const node of [first, second]) {
      expect(sets(node)).toHaveLength(2)
      for (const set of sets(node)) expect(set).toMatch(/^set repbench:probe:[0-9a-f]{8}:look 0 60 1\r\nx$/)
      expect([...node.items.keys()].filter(key => key.startsWith('repbench'))).toEqual([])
      expect(deletes(node)).toHaveLength(4)
    }
    expect(new Set([...sets(first), ...sets(second)]).size).toBe(4)
    expect(first.asked.filter(request => request === 'get a')).toHaveLength(3)
  })

  it('do not part by what arrives meanwhile', async () => {
    first.put(['a'])
    second.onAsked = request => {
      if (request.startsWith('set ')) second.put(['a'])
    }
    expect((await look()).found).toEqual({looked: 1, parted: []})
    expect(sets(first)).toHaveLength(1)
  })

  it('do not part by a key that changes on the one or on the other', async () => {
    for (const node of [first, second]) {
      let reads = 0
      const [own, other] = [node, node === first ? second : first]
      own.items.clear()
      other.items.clear()
      other.put(['k'], {value: 'still'})
      own.onAsked = request => {
        if (request.startsWith('get ')) own.put(['k'], {value: `${reads++}`})
      }
      expect((await look()).found).toEqual({looked: 1, parted: []})
      own.onAsked = () => {}
    }
  })

  it('do not part by a key that looks the same twice, and changes then', async () => {
    first.put(['k'], {value: 'a'})
    second.put(['k'], {value: 'b'})
    let reads = 0
    first.onAsked = request => {
      if (request === 'get k' && ++reads === 3) first.put(['k'], {value: 'c'})
    }
    expect((await look()).found).toEqual({looked: 1, parted: []})
  })
})

describe('writes of ours', () => {
  beforeEach(() => {
    first.put(['a'])
  })

  it('are waited for', async () => {
    link(200)
    const {found, tookMs} = await look()
    expect(found).toMatchObject({parted: [{key: 'a'}]})
    expect(tookMs).toBeGreaterThanOrEqual(400)
    expect(tookMs).toBeLessThan(430)
  })

  it('that do not cross within 3 s leave it open, and are deleted', async () => {
    const {found, tookMs} = await look()
    expect(found).toBeNull()
    expect(tookMs).toBe(3000)
    for (const node of [first, second]) {
      expect([...node.items.keys()].filter(key => key.startsWith('repbench'))).toEqual([])
    }
  })

  it.each([0, 1])('that cross one way only leave it open, too: %d', async index => {
    const [from, to] = index === 0 ? [first, second] : [second, first]
    from.onSet = key => to.items.set(key, from.items.get(key)!)
    expect((await look()).found).toBeNull()
  })

  it('that a node does not take leave it open', async () => {
    link()
    second.answers.set = ['SERVER_ERROR out of memory']
    expect((await look()).found).toBeNull()
    expect(deletes(first)).toHaveLength(1)
  })

  it('are none where nothing may be written: then each look waits 1.5 s', async () => {
    const {found, tookMs} = await look({mayWrite: false})
    expect([found, tookMs]).toEqual([{looked: 1, parted: [{key: 'a', kind: 'onlyOnFirst'}]}, 3000])
    expect([...sets(first), ...sets(second), ...deletes(first), ...deletes(second)]).toEqual([])
  })

  it.each([true, false])('end when the look is broken off, writing or not: %s', async mayWrite => {
    const breaking = new AbortController()
    setTimeout(() => breaking.abort(new Error('broken off')), 100)
    const {found, tookMs} = await look({mayWrite, signal: breaking.signal})
    expect([`${found}`, tookMs]).toEqual(['Error: broken off', 100])
  })
})
