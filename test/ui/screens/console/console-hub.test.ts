import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest'
import {ConsoleHub} from '../../../../src/ui/screens/console/console-hub.js'
import type {SessionView} from '../../../../src/ui/screens/console/state/console-state.js'
import {FakeConsole, FakeNode} from '../../helpers/fake-ports.js'

beforeEach(() => {
  vi.useFakeTimers()
})

afterEach(() => {
  vi.useRealTimers()
})

function hub(nodes: FakeNode[]) {
  const opened: FakeConsole[] = []
  const views: (readonly SessionView[])[] = []
  const unused = async () => {
    throw new Error('not asked')
  }
  const ports = {
    nodes: () => nodes,
    pairs: () => [],
    consoles: {
      open({onChange}: {onChange: () => void}) {
        const session = new FakeConsole(onChange)
        opened.push(session)
        return session
      },
      checkKey: unused,
      replay: unused,
      save: unused,
    },
  }
  const consoles = new ConsoleHub(ports, shown => views.push(shown))
  return {consoles, opened, views}
}

const texts = (view: SessionView | undefined) => view?.entries.map(({text}) => text)

describe('console sessions', () => {
  it('are opened once for each node', () => {
    const {consoles, opened} = hub([new FakeNode('m1'), new FakeNode('s1')])
    consoles.openAll()
    consoles.openAll()
    expect(opened).toHaveLength(2)
  })

  it('show many changes as one', () => {
    const {consoles, views} = hub([new FakeNode('m1')])
    consoles.openAll()
    for (const line of ['a', 'b', 'c']) consoles.send('m1', line)
    vi.advanceTimersByTime(100)
    expect(views.map(([view]) => texts(view))).toEqual([['a', 'b', 'c']])
  })

  it('are opened again when the node came back, below what was there', () => {
    const node = new FakeNode('m1')
    const {consoles, opened, views} = hub([node])
    consoles.openAll()
    consoles.send('m1', 'get a')
    consoles.tick()
    opened[0]?.lose()
    node.change({state: 'dead'})
    consoles.tick()
    vi.advanceTimersByTime(5000)
    consoles.tick()
    expect(opened).toHaveLength(1)
    expect(views.at(-1)?.[0]?.lost).toMatchObject({tries: 0})
    node.change({state: 'up', startedAtMs: 2})
    consoles.tick()
    consoles.tick()
    expect(opened).toHaveLength(2)
    consoles.send('m1', 'get b')
    vi.advanceTimersByTime(100)
    expect(views.at(-1)?.[0]?.lost).toBeNull()
    expect(texts(views.at(-1)?.[0])).toEqual([
      'get a',
      'Connection closed by foreign host.',
      '✓ connected again after 5.0 s',
      'get b',
    ])
  })

  it('tell how long a node was away in all, also when lines were sent meanwhile', () => {
    const node = new FakeNode('m1')
    const {consoles, opened, views} = hub([node])
    consoles.openAll()
    consoles.tick()
    opened[0]?.lose()
    node.change({state: 'dead'})
    consoles.tick()
    vi.advanceTimersByTime(3000)
    consoles.send('m1', 'get a')
    opened[1]?.lose()
    consoles.tick()
    vi.advanceTimersByTime(2000)
    node.change({state: 'up', startedAtMs: 2})
    consoles.tick()
    consoles.tick()
    vi.advanceTimersByTime(100)
    expect(texts(views.at(-1)?.[0])).toContain('✓ connected again after 5.0 s')
  })

  it('stay closed after a quit until a line is sent', () => {
    const {consoles, opened} = hub([new FakeNode('m1')])
    consoles.openAll()
    consoles.send('m1', 'quit')
    opened[0]?.lose()
    consoles.tick()
    vi.advanceTimersByTime(5000)
    consoles.tick()
    expect(opened).toHaveLength(1)
    consoles.send('m1', 'get a')
    expect(opened[1]?.sent).toEqual(['get a'])
  })

  it('may be to any address, and end like one in telnet', () => {
    const {consoles, opened, views} = hub([])
    consoles.openAddress({host: '::1', port: 11211})
    vi.advanceTimersByTime(100)
    expect(views.at(-1)?.[0]).toMatchObject({node: '[::1]:11211'})
    consoles.end('[::1]:11211')
    vi.advanceTimersByTime(100)
    expect(opened[0]?.closed).toBe(true)
    expect(views.at(-1)).toEqual([])
  })

  it('are gone with a node that was taken from the screen', () => {
    const nodes = [new FakeNode('m1'), new FakeNode('s1')]
    const {consoles, opened, views} = hub(nodes)
    consoles.openAll()
    nodes.pop()
    consoles.tick()
    vi.advanceTimersByTime(100)
    expect(opened[1]?.closed).toBe(true)
    expect(views.at(-1)).toHaveLength(1)
  })

  it('end with the program', () => {
    const {consoles, opened} = hub([new FakeNode('m1')])
    consoles.openAll()
    consoles.close()
    expect(opened[0]?.closed).toBe(true)
  })
})
