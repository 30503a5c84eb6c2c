import {launchForm} from '../../../src/cli/options/launch-form.js'
import {eventAdvice} from '../../../src/server/node-api/event-advice.js'
import {topologyPlans} from '../../../src/server/topology/topology-plans.js'
import type {Action} from '../../../src/ui/core/action.js'
import {type Session, unknownSession} from '../../../src/ui/core/session.js'
import type {WindowSize} from '../../../src/ui/draw/layout.js'
import type {SavedEntry} from '../../../src/ui/ports/report-port.js'
import {drillResult, drillSteps, drillSummaries, openedReport, pastDrill, savedDrill, savedRun} from './fake-history.js'
import {deadStatus, nodeEvent, nodeView, pairSample, sessionView, snapshot, transcript} from './fake-nodes.js'
import {fakeProfile} from './fake-profile.js'

export const session: Session = {...unknownSession, topologies: topologyPlans, advice: eventAdvice, launchForm}
export const sizes: readonly WindowSize[] = [
  {columns: 60, rows: 15},
  {columns: 80, rows: 24},
  {columns: 100, rows: 30},
  {columns: 200, rows: 60},
]

export const press = (chord: string): Action => ({type: 'press', press: {chord, text: chord.length === 1 ? chord : ''}})
export const sample = (...args: Parameters<typeof pairSample>): Action => ({
  type: 'sample',
  sample: pairSample(...args),
})
const profiles: Action = {
  type: 'load',
  event: {
    type: 'listed',
    profiles: Array.from({length: 20}, (_, index) => fakeProfile(`profile${index}`, 'x'.repeat(90))),
  },
}
export const events = Array.from({length: 90}, (_, index) =>
  nodeEvent('listening', `event ${index} ${'y'.repeat(150)}`),
)
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
const sessions = [sessionView('m1', transcript(120)), sessionView('s1', transcript(3))]
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
const wideSession = sessionView('[2001:0db8:85a3:0000:0000:8a2e:0370:7334]:11211', [
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
export const pictures: Readonly<Record<string, readonly Action[]>> = {
  'no nodes': [],
  launching: [press('n'), {type: 'sample', sample: {...pairSample(), nodes: [], pairs: [], events}}],
  'a pair': [sample({}, {events})],
  'a dead master': [sample({master: deadStatus}, {events})],
  'a pair that is not paired': [broken],
  'a pair that joins': [sample({slave: {link: 'syncing', state: 'starting'}})],
  'events scrolled back': [sample({}, {events}), press('pageup')],
  'the launch form': [sample(), press('n')],
  'the slab classes': [sample(), press('s'), {type: 'nodes', event: {type: 'slabs', node: 'm1', lines: slabTable}}],
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
  console: [sample(), press('3'), {type: 'console', event: {type: 'sessions', sessions}}],
  'console, long line': [
    sample(),
    press('3'),
    {type: 'console', event: {type: 'sessions', sessions}},
    {type: 'paste', text: 'w'.repeat(500)},
  ],
  'console of wide characters': [
    sample(),
    press('3'),
    {type: 'console', event: {type: 'sessions', sessions: [wideSession, wideSession2]}},
  ],
  'console with times, a line marked': [
    sample(),
    press('3'),
    {type: 'console', event: {type: 'sessions', sessions}},
    press('esc'),
    press('t'),
    press('k'),
  ],
  'a reply explained': [
    sample(),
    press('3'),
    {type: 'console', event: {type: 'sessions', sessions}},
    press('esc'),
    press('e'),
  ],
  'console of five': [
    sample(),
    press('3'),
    {
      type: 'console',
      event: {
        type: 'sessions',
        sessions: ['a', 'b', 'c', 'd', '[2001:db8:85a3::8a2e:370:7334]:11211'].map(n =>
          sessionView(n, wideSession.entries),
        ),
      },
    },
  ],
  'console lost': [
    sample(),
    press('3'),
    {
      type: 'console',
      event: {type: 'sessions', sessions: [{...sessions[0]!, state: 'closed', lost: {sinceMs: 1_000_000, tries: 3}}]},
    },
  ],
  'console, data due': [
    sample(),
    press('3'),
    {
      type: 'console',
      event: {type: 'sessions', sessions: sessions.map(session => ({...session, dataBytesExpected: 5}))},
    },
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
  'console scrolled back': [
    sample(),
    press('3'),
    {type: 'console', event: {type: 'sessions', sessions}},
    press('pageup'),
  ],
}
