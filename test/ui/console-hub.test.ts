import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest'
import {ConsoleHub} from '../../src/ui/console-hub.js'
import type {ConsoleView} from '../../src/ui/state/console-state.js'
import {FakeConsole, FakeNode} from './helpers/fake-ports.js'

beforeEach(() => {
  vi.useFakeTimers()
})

afterEach(() => {
  vi.useRealTimers()
})

function hub(nodes: FakeNode[]) {
  const opened: FakeConsole[] = []
  const views: (readonly ConsoleView[])[] = []
  const ports = {
    nodes: () => nodes,
    openConsole({onChange}: {onChange: () => void}) {
      const session = new FakeConsole(onChange)
      opened.push(session)
      return session
    },
  }
  const consoles = new ConsoleHub(ports, shown => views.push(shown))
  return {consoles, opened, views}
}

const texts = (view: ConsoleView | undefined) => view?.entries.map(({text}) => text)

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
    opened[0]?.lose()
    node.change({state: 'dead'})
    consoles.reopenRestarted()
    expect(opened).toHaveLength(1)
    node.change({state: 'up', startedAtMs: 2})
    consoles.reopenRestarted()
    consoles.reopenRestarted()
    expect(opened).toHaveLength(2)
    consoles.send('m1', 'get b')
    vi.advanceTimersByTime(100)
    expect(texts(views.at(-1)?.[0])).toEqual(['get a', 'Connection closed by foreign host.', 'get b'])
  })

  it('stay closed after a quit until a line is sent', () => {
    const {consoles, opened} = hub([new FakeNode('m1')])
    consoles.openAll()
    opened[0]?.lose()
    consoles.reopenRestarted()
    expect(opened).toHaveLength(1)
    consoles.send('m1', 'get a')
    expect(opened[1]?.sent).toEqual(['get a'])
  })

  it('end with the program', () => {
    const {consoles, opened} = hub([new FakeNode('m1')])
    consoles.openAll()
    consoles.close()
    expect(opened[0]?.closed).toBe(true)
  })
})
