import {stripVTControlCharacters} from 'node:util'
import {renderToString} from 'ink'
import {describe, expect, it} from 'vitest'
import {launchForm} from '../../src/cli/launch-form.js'
import {eventAdvice} from '../../src/server/event-advice.js'
import {topologyPlans} from '../../src/server/topology-plans.js'
import {AppView} from '../../src/ui/app.js'
import {UiContext} from '../../src/ui/context.js'
import {cellWidth} from '../../src/ui/draw/cell-width.js'
import type {SavedEntry} from '../../src/ui/report-port.js'
import type {Action} from '../../src/ui/state/action.js'
import {sampleOf} from '../../src/ui/state/node-view.js'
import {type Session, unknownSession} from '../../src/ui/state/session.js'
import {initialState, type WindowSize} from '../../src/ui/state/ui-state.js'
import {createUiStore} from '../../src/ui/store.js'
import {monoTheme} from '../../src/ui/theme.js'
import {
  drillResult,
  drillSteps,
  drillSummaries,
  openedReport,
  pastDrill,
  savedDrill,
  savedRun,
} from './helpers/fake-history.js'
import {
  consoleView,
  deadStatus,
  nodeEvent,
  nodeView,
  pairSample,
  silentNode,
  snapshot,
  transcript,
} from './helpers/fake-nodes.js'
import {fakeProfile} from './helpers/fake-profile.js'

const session: Session = {...unknownSession, topologies: topologyPlans, advice: eventAdvice, launchForm}
const sizes: readonly WindowSize[] = [
  {columns: 60, rows: 15},
  {columns: 80, rows: 24},
  {columns: 100, rows: 30},
  {columns: 200, rows: 60},
]

const press = (chord: string): Action => ({type: 'press', press: {chord, text: chord.length === 1 ? chord : ''}})
const sample = (...args: Parameters<typeof pairSample>): Action => ({type: 'sample', sample: pairSample(...args)})
const profiles: Action = {
  type: 'load',
  event: {
    type: 'listed',
    profiles: Array.from({length: 20}, (_, index) => fakeProfile(`profile${index}`, 'x'.repeat(90))),
  },
}
const events = Array.from({length: 90}, (_, index) => nodeEvent('listening', `event ${index} ${'y'.repeat(150)}`))
const logLines = Array.from({length: 90}, (_, index) => ({atMs: 1_000_000, text: `line ${index} ${'l'.repeat(150)}`}))
const withLog: readonly Action[] = [sample({}, {events}), press('L'), sample({}, {log: {node: 'm1', lines: logLines}})]
const typed = (text: string) => Array.from(text, press)
const run = [...Array(75).keys()].map(index => snapshot((index + 1) / 5))
const result = {
  report: 'report',
  savedAs: '/home/operator/.local/state/repbench/runs/x.json',
  comparison: null,
  verdict: 'pass',
} as const
const sessions = [consoleView('m1', transcript(120)), consoleView('s1', transcript(3))]
const broken = sample(
  {master: {link: 'orphaned'}, slave: {link: 'listening'}},
  {events: [nodeEvent('overflow', 'queue overflow')]},
)

const drills: Action = {type: 'drill', event: {type: 'listed', drills: drillSummaries}}
const drilling = [press('4'), drills, press('enter'), sample({}, {drill: {steps: drillSteps, snapshots: run}})]
const drilled: Action = {type: 'drill', event: {type: 'ended', result: drillResult}}
const past = Array.from({length: 50}, (_, index) => pastDrill(`drill-number-${index}`))
const pastListed: Action = {type: 'drill', event: {type: 'pastListed', past}}
const runs: readonly SavedEntry[] = [
  savedDrill('kill-master'),
  savedRun(61, {flaw: `Expected the JSON of a run, got ${'j'.repeat(200)}`}),
  ...Array.from({length: 60}, (_, index) => savedRun(60 - index, {name: 'n'.repeat(index + 1)})),
]
const listed: Action = {type: 'report', event: {type: 'listed', entries: runs}}
const text = `${'word '.repeat(70)}\n`.repeat(50)

const wide = '日本語のキー 🙂 한국어 mixed with ascii and e\u0301 '.repeat(12)
const longNodes = [
  '[2001:0db8:85a3:0000:0000:8a2e:0370:7334]:11211',
  'cache-server-with-a-very-long-name.example:11211',
].map(name => ({...nodeView(name), address: name, backend: null, commandLine: ''}))
const wideEvents = [nodeEvent('linkLost', wide, longNodes[0]!.name), nodeEvent('other' as never, wide, '節点')]
const wideSession = consoleView('[2001:0db8:85a3:0000:0000:8a2e:0370:7334]:11211', [
  ...transcript(3),
  {kind: 'received', text: wide, latencyUs: 120, monotonicMs: 9, atMs: 1_000_009},
])
const wideSession2 = {...wideSession, node: '日本語'}
const slabTable = [
  '  #  Item_Size  Max_age   Pages   Count   Full?  Evicted Evict_Time OOM',
  ...Array.from(
    {length: 42},
    (_, index) => `${String(index + 1).padStart(3)}      96B      5s       1     500     yes        1        0    0`,
  ),
]

/** Every picture that the UI can show, by what leads to it. */
const pictures: Readonly<Record<string, readonly Action[]>> = {
  'no nodes': [],
  launching: [press('n'), {type: 'sample', sample: {...pairSample(), nodes: [], pairs: [], events}}],
  'a pair': [sample({}, {events})],
  'a dead master': [sample({master: deadStatus}, {events})],
  'a pair that is not paired': [broken],
  'a pair that joins': [sample({slave: {link: 'syncing', state: 'starting'}})],
  'events scrolled back': [sample({}, {events}), press('pageup')],
  'the launch form': [sample(), press('n')],
  'the slab classes': [sample(), press('s'), {type: 'slabs', node: 'm1', lines: slabTable}],
  'the slab classes, not read': [sample(), press('s')],
  'the details': [sample(), press('enter')],
  'the events alone': [sample({}, {events}), press('shift+tab'), press('f')],
  'the table alone': [sample({}, {events}), press('f')],
  'nodes filtered': [sample(), press('/'), ...typed('s1')],
  'nodes filtered away': [sample(), press('/'), ...typed('zzz'), press('enter')],
  'nodes to attach': [sample(), press('a'), ...typed('[::1]:x')],
  'nodes with long names': [
    {type: 'sample', sample: {...pairSample(), nodes: longNodes, events: wideEvents}},
    {type: 'notice', notice: {tone: 'ok', text: wide}},
  ],
  'a log of wide characters': [sample(), press('L'), sample({}, {log: {node: 'm1', lines: [{atMs: 0, text: wide}]}})],
  'the log': withLog,
  'the log filtered': [...withLog, press('/'), ...typed('line 7')],
  'the log scrolled back': [...withLog, press('pageup')],
  'events explained': [sample({}, {events: [...events, nodeEvent('crashed', 'died: SIGSEGV'), ...events]}), press('e')],
  'the palette': [sample(), press(':')],
  'the palette without a match': [sample(), press(':'), ...typed('xyzzy')],
  'the kill dialog': [sample({}, {events}), press('x')],
  'the kill dialog of the last node': [sample({slave: deadStatus}), press('x')],
  'a notice': [sample(), {type: 'notice', notice: {tone: 'bad', text: `it failed ${'z'.repeat(300)}`}}],
  'the help': [press('?')],
  'load without anything': [press('2')],
  'load chosen': [sample(), profiles, press('2')],
  'a profile in a form': [sample(), profiles, press('2'), press('e')],
  'a profile with a mistake': [
    sample(),
    profiles,
    press('2'),
    press('e'),
    press('tab'),
    press('tab'),
    press('tab'),
    ...typed('x'.repeat(60)),
  ],
  'a profile to be saved': [sample(), profiles, press('2'), press('w')],
  'load starting': [sample(), profiles, press('2'), press('b')],
  'load running': [sample(), profiles, press('2'), press('b'), sample({}, {snapshots: run})],
  'load held': [sample(), profiles, press('2'), press('b'), sample({}, {snapshots: run}), press('p')],
  'load, the table alone': [sample(), profiles, press('2'), press('b'), sample({}, {snapshots: run}), press('f')],
  'load, a chart alone': [
    sample(),
    profiles,
    press('2'),
    press('b'),
    sample({}, {snapshots: run}),
    press('tab'),
    press('tab'),
  ],
  'load ended': [
    sample(),
    profiles,
    press('2'),
    press('b'),
    sample({}, {snapshots: run}),
    {type: 'load', event: {type: 'ended', result}},
  ],
  'load failed': [
    sample(),
    profiles,
    press('2'),
    press('b'),
    {type: 'load', event: {type: 'failed', error: `refused ${'e'.repeat(300)}`}},
  ],
  'console without nodes': [press('3')],
  console: [sample(), press('3'), {type: 'consoles', sessions}],
  'console, long line': [sample(), press('3'), {type: 'consoles', sessions}, {type: 'paste', text: 'w'.repeat(500)}],
  'console of wide characters': [sample(), press('3'), {type: 'consoles', sessions: [wideSession, wideSession2]}],
  'console with times, a line marked': [
    sample(),
    press('3'),
    {type: 'consoles', sessions},
    press('esc'),
    press('t'),
    press('k'),
  ],
  'a reply explained': [sample(), press('3'), {type: 'consoles', sessions}, press('esc'), press('e')],
  'console of five': [
    sample(),
    press('3'),
    {
      type: 'consoles',
      sessions: ['a', 'b', 'c', 'd', '[2001:db8:85a3::8a2e:370:7334]:11211'].map(n =>
        consoleView(n, wideSession.entries),
      ),
    },
  ],
  'console lost': [
    sample(),
    press('3'),
    {type: 'consoles', sessions: [{...sessions[0]!, state: 'closed', lost: {sinceMs: 1_000_000, tries: 3}}]},
  ],
  'console, data due': [
    sample(),
    press('3'),
    {type: 'consoles', sessions: sessions.map(session => ({...session, dataBytesExpected: 5}))},
  ],
  'drills not read': [press('4')],
  drills: [press('4'), drills, pastListed],
  'drill options': [press('4'), drills, press('e'), ...typed('x')],
  'the last drill': [press('4'), drills, press('G')],
  'drill starting': [press('4'), drills, press('enter')],
  'drill running': drilling,
  'drill to be aborted': [...drilling, press('a')],
  'drill ended': [...drilling, drilled],
  'drill failed': [...drilling, {type: 'drill', event: {type: 'failed', error: `no ports ${'e '.repeat(200)}`}}],
  'drill history': [press('4'), drills, pastListed, press('h'), press('G')],
  'drill history, empty': [press('4'), drills, {type: 'drill', event: {type: 'pastListed', past: []}}, press('h')],
  'report not read': [press('5')],
  'report without runs': [press('5'), {type: 'report', event: {type: 'listed', entries: []}}],
  'report of runs': [press('5'), listed, press('j'), press('j'), press(' '), press('j'), press(' ')],
  'report opened': [
    press('5'),
    listed,
    {type: 'report', event: {type: 'opened', title: 'Run 60', report: openedReport(text)}},
    press('j'),
  ],
  'report filtered': [press('5'), listed, press('/'), ...typed('drill')],
  'report filtered by what nothing has': [press('5'), listed, press('/'), ...typed('xyzzy'), press('enter')],
  'run to be deleted': [press('5'), listed, press('d')],
  'console scrolled back': [sample(), press('3'), {type: 'consoles', sessions}, press('pageup')],
}

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
    expect(shown('paired')).toMatch(/1 silent[\s\S]*SILENT[\s\S]*s1 silent[\s\S]*who knows if writes cross/)
    expect(shown('paired')).toMatch(/pid 4711, no answer[\s\S]*overloaded, hung or stopped\?[\s\S]*kill -CONT 4711 /)
    expect(shown('listening')).toContain('NOT PAIRED: the link is lost, and s1 does not answer')
  })

  it('has room for a difference in items at 80 columns', () => {
    const [master, slave] = pairSample().nodes.map((node, index) => ({
      ...node,
      poll: {
        ...node.poll,
        latest: sampleOf(new Map([['curr_items', index === 0 ? '11800' : '44']]), {atMs: 1, roundTripMs: 1}),
      },
    }))
    const differing = sample({}, {nodes: [master!, slave!]})
    expect(frame({columns: 80, rows: 24}, [differing]).join('\n')).toContain('items  m1 11.8k  s1 44  differ 11.8k ')
  })

  it('says when the data was copied last, also where no log tells of an empty copy', () => {
    const linked = {...nodeEvent('linkUp', 'linked as slave, full copy received'), node: 's1'}
    expect(frame({columns: 100, rows: 30}, [sample({}, {events: [linked]})]).join('\n')).toMatch(
      /last full copy {2}\d\d:\d\d:\d\d\.\d{3}/,
    )
    const joining = sample({slave: {link: 'syncing'}}, {events: [linked]})
    expect(frame({columns: 100, rows: 30}, [joining]).join('\n')).toContain('last full copy  under way')
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
    expect(text).toMatch(/means\s+Its process ended though repbench did not end it/)
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
    expect(at('load ended')).toContain('saved as /home/operator')
  })

  it('marks the fault below the rate, and ticks the steps', () => {
    expect(at('drill running')).toMatch(/✖ fault 3\.0 s +▲ recovery 5\.0 s +● whole 7\.0 s[\s\S]*✖ fault +▲ +● whole/)
    expect(at('drill running')).toMatch(/✓ settle {3}settle done/)
  })

  it.each(sizes)('gives the verdict of a drill with its budgets at $columns×$rows', size => {
    expect(at('drill ended', size)).toMatch(/FAIL {3}1 of 2 budgets was broken[\s\S]*✗ rto<2s \(3,120 ms\)/)
    expect(at('drill ended', size)).toContain('report line 3')
  })

  it('says on the new screens what to press', () => {
    expect(at('drills')).toContain('enter runs kill-master on a pair of its own')
    expect(at('drill history, empty')).toContain('enter there runs one')
    expect(at('report without runs')).toContain('puts load on it')
    expect(at('report of runs')).toMatch(/A +60[\s\S]*> B +59[\s\S]*c holds B against A/)
  })

  it('stands latencies at the right edge of the transcript', () => {
    expect(frame({columns: 100, rows: 30}, pictures.console!).filter(line => line.includes('0.12 ms │'))).not.toEqual(
      [],
    )
  })
})
