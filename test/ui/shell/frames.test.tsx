import {stripVTControlCharacters} from 'node:util'
import {renderToString} from 'ink'
import {describe, expect, it} from 'vitest'
import {eventAdvice} from '../../../src/server/node-api/event-advice.js'
import type {Action} from '../../../src/ui/core/action.js'
import {UiContext} from '../../../src/ui/core/context.js'
import {cellWidth} from '../../../src/ui/draw/cell-width.js'
import type {WindowSize} from '../../../src/ui/draw/layout.js'
import {monoTheme} from '../../../src/ui/draw/theme.js'
import {AppView} from '../../../src/ui/shell/app.js'
import {initialState} from '../../../src/ui/shell/commands/screens.js'
import {createUiStore} from '../../../src/ui/shell/store.js'
import {answeredSample} from '../../helpers/node-samples.js'
import {nodeEvent, nodeView, pairSample, silentNode} from '../helpers/fake-nodes.js'
import {events, pictures, press, sample, session, sizes} from '../helpers/pictures.js'

function frame(size: WindowSize, actions: readonly Action[]): string[] {
  const store = createUiStore(initialState(size, 0, session), () => {})
  for (const action of actions) store.dispatch(action)
  const output = renderToString(
    <UiContext value={{store, theme: monoTheme}}>
      <AppView size={size} />
    </UiContext>,
    {columns: size.columns},
  )
  return stripVTControlCharacters(output).split('\n')
}

describe.each(sizes)('at $columns×$rows', size => {
  it.each(Object.keys(pictures))('%s fits exactly', name => {
    const lines = frame(size, pictures[name]!)
    expect(lines).toHaveLength(size.rows)
    for (const line of lines) expect(cellWidth(line)).toBeLessThanOrEqual(size.columns)
    // The frame is full: its first and its last line stand where they belong.
    expect(lines[0]).toMatch(/repbench/)
    expect(lines.at(-1)).not.toBe('')
  })
})

describe('what a frame says', () => {
  const at = (name: string, size: WindowSize = {columns: 100, rows: 30}) => frame(size, pictures[name]!).join('\n')

  it('names the key to press where there is nothing yet', () => {
    expect(at('no nodes')).toMatch(/n\s+launches an embedded/)
    expect(at('load without anything')).toContain('launches a pair')
    expect(at('console without nodes')).toContain('launches a pair')
  })

  it.each(sizes)('is loud about a pair that is not paired at $columns×$rows', size => {
    expect(at('a pair that is not paired', size)).toContain('NOT PAIRED: m1 and s1 both answer, nothing replicates')
  })

  it('gives the reason of a broken link', () => expect(at('a pair that is not paired')).toContain('m1: queue overflow'))

  it('does not say of a frozen node that it answers', () => {
    const frozen = sample({master: {link: 'listening'}, slave: {state: 'paused', link: 'paired', role: 'slave'}})
    const shown = frame({columns: 80, rows: 24}, [frozen, press('j')]).join('\n')
    expect(shown).toContain('NOT PAIRED: the link is lost, and s1 is frozen')
    expect(shown).not.toContain('both answer')
    expect(shown).toMatch(/FROZEN[\s\S]*z thaws it[\s\S]*z thaw /)
  })

  it('does not say of a silent node that it is paired or answers', () => {
    const shown = (link: 'paired' | 'listening') => {
      const silent = sample({}, {nodes: [nodeView('m1', {link}), silentNode('s1')]})
      return frame({columns: 80, rows: 24}, [silent, press('j')]).join('\n')
    }
    expect(shown('paired')).toMatch(/1 silent[\s\S]*SILENT[\s\S]*s1 silent[\s\S]*unknown if writes cross/)
    expect(shown('paired')).toMatch(/pid 4711, no answer[\s\S]*overloaded, hung or stopped\?[\s\S]*kill -CONT 4711 /)
    expect(shown('listening')).toContain('NOT PAIRED: the link is lost, and s1 does not answer')
  })

  it('has room for a difference in items at 80 columns', () => {
    const [master, slave] = pairSample().nodes.map((node, index) => ({
      ...node,
      poll: {
        ...node.poll,
        latest: answeredSample(node.name, {stats: {curr_items: index === 0 ? 11_800 : 44}}),
      },
    }))
    const differing = sample({}, {nodes: [master!, slave!]})
    expect(frame({columns: 80, rows: 24}, [differing]).join('\n')).toContain('items  m1 11.8k  s1 44  differ 11.8k ')
  })

  it('says when the data was copied last, also where no log tells of an empty copy', () => {
    const linked = {...nodeEvent('linkUp', 'linked as slave, full sync received'), node: 's1'}
    expect(frame({columns: 100, rows: 30}, [sample({}, {events: [linked]})]).join('\n')).toMatch(
      /last full sync {2}\d\d:\d\d:\d\d\.\d{3}/,
    )
    const joining = sample({slave: {link: 'syncing'}}, {events: [linked]})
    expect(frame({columns: 100, rows: 30}, [joining]).join('\n')).toContain('last full sync  under way')
  })

  it('names the way out of what lies over it, however narrow', () => {
    for (const key of ['L', 'e', 's', ':', '/']) {
      const state = [sample({}, {events}), press(key)]
      expect([key, frame({columns: 80, rows: 24}, state).at(-1)]).toEqual([key, expect.stringMatching(/\besc /)])
    }
  })

  it('shows the whole of an event that its row has no room for', () => {
    const long = nodeEvent('overflow', `queue ${'x '.repeat(60)}END OF IT`)
    expect(frame({columns: 80, rows: 24}, [sample({}, {events: [long]}), press('e')]).join('\n')).toMatch(/END OF IT/)
  })

  it('says of a transcript that it is scrolled back, however narrow', () => {
    for (const columns of [80, 100, 200]) {
      expect(at('console scrolled back', {columns, rows: 24})).toContain('scrolled back, PgDn returns')
    }
  })

  it('marks the selection with more than colour', () => {
    expect(at('a pair')).toMatch(/> m1/)
    expect(at('the kill dialog')).toMatch(/\[> No ]/)
    expect(at('console')).toMatch(/> m1 127/)
  })

  it('shows every column of the table at 100 columns', () => {
    const heading = frame({columns: 100, rows: 30}, pictures['a pair']!)[2]
    for (const word of ['NODE', 'BACKEND', 'ADDRESS', 'STATE', 'LINK', 'OP/S', 'HIT %', 'ITEMS', 'MEM']) {
      expect(heading).toContain(word)
    }
  })

  it('asks what to launch, the embedded pair first', () => {
    const lines = at('the launch form', {columns: 100, rows: 30})
    expect(lines).toMatch(/> topology +‹ pair ›/)
    for (const word of ['memory', 'queue', 'resilient', 'node-args', 'repcached-bin']) expect(lines).toContain(word)
  })

  it('says that a connection is lost, and what the filter found', () => {
    expect(at('console lost')).toContain('LOST 04:12, try 3')
    expect(at('nodes filtered')).toMatch(/Nodes 1 of 2 .*\/s1/)
    expect(at('nodes filtered away')).toContain('no node has that text')
  })

  it('shows only the lines that the filter lets through', () => {
    expect(at('the log')).toContain('line 89')
    expect(at('the log filtered')).toMatch(/\/line 7 +11 of 90 lines/)
    expect(at('the log filtered')).not.toContain('line 89')
    expect(at('the log scrolled back')).toContain('follow OFF')
  })

  it('explains the newest event that asks for attention', () => {
    const text = at('events explained', {columns: 80, rows: 24})
    expect(text).toMatch(/> .*died: SIGSEGV/)
    expect(text).toMatch(/means\s+Its process ended, and repbench did not end it/)
    expect(text).toMatch(/to do\s+Read its last log lines/)
  })

  it('says what to do about a pair that is not paired', () => {
    expect(at('a pair that is not paired').replaceAll(/\s+/g, ' ')).toContain(eventAdvice.overflow.advice!.slice(0, 60))
  })

  it('says that the window is too small', () => {
    const lines = frame({columns: 50, rows: 10}, [])
    expect(lines[0]).toBe('Window too small: 50×10')
    expect(lines).toHaveLength(10)
  })

  it('shows percentiles, progress and where the run was saved', () => {
    expect(at('load running')).toMatch(/RUNNING[\s\S]*response\s+0\.22\s+0\.55\s+1\.30\s+4\.40\s+11\.0/)
    expect(at('load ended')).toContain('saved to /home/operator')
  })

  it('marks the fault below the rate, and ticks the steps', () => {
    expect(at('drill running')).toMatch(/✖ fault 3\.0 s +▲ recovery 5\.0 s +● whole 7\.0 s[\s\S]*✖ fault +▲ +● whole/)
    expect(at('drill running')).toMatch(/✓ settle {3}settle done/)
  })

  it.each(sizes)('gives the verdict of a drill with its assertions at $columns×$rows', size => {
    expect(at('drill ended', size)).toMatch(/FAIL {3}1 of 2 assertions failed[\s\S]*✗ rto<2s \(3,120 ms\)/)
    expect(at('drill ended', size)).toContain('report line 3')
  })

  it('says on the new screens what to press', () => {
    expect(at('drills')).toContain('enter runs kill-master on a pair of its own')
    expect(at('drill history, empty')).toContain('enter there runs one')
    expect(at('report without runs')).toContain('runs a load on it')
    expect(at('report of runs')).toMatch(/A +60[\s\S]*> B +59[\s\S]*c holds B against A/)
  })

  it('stands latencies at the right edge of the transcript', () => {
    expect(frame({columns: 100, rows: 30}, pictures.console!).filter(line => line.includes('0.12 ms │'))).not.toEqual(
      [],
    )
  })
})
