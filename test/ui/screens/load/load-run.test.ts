import {stripVTControlCharacters} from 'node:util'
import {describe, expect, it} from 'vitest'
import type {RunEvent} from '../../../../src/engine/result/run-result.js'
import type {Action} from '../../../../src/ui/core/action.js'
import {cellWidth} from '../../../../src/ui/draw/cell-width.js'
import {bodyArea} from '../../../../src/ui/draw/layout.js'
import {monoTheme} from '../../../../src/ui/draw/theme.js'
import {linesOf} from '../../../../src/ui/paint/canvas-part.js'
import {addPoints, pointOf, type RunPoint} from '../../../../src/ui/run-view/run-points.js'
import {reduceLoadEvent} from '../../../../src/ui/screens/load/state/load-events.js'
import {loadLayout} from '../../../../src/ui/screens/load/state/load-layout.js'
import {addToRun, type RunView, startedRun} from '../../../../src/ui/screens/load/state/load-run.js'
import {initialLoad} from '../../../../src/ui/screens/load/state/load-state.js'
import {rateAbove, rateBelow} from '../../../../src/ui/screens/load/state/rate-commands.js'
import {addMarks} from '../../../../src/ui/screens/load/state/run-marks.js'
import {chooserPane} from '../../../../src/ui/screens/load/view/chooser-pane.js'
import {marksPane} from '../../../../src/ui/screens/load/view/marks.js'
import {endLines, phaseWord} from '../../../../src/ui/screens/load/view/run-header.js'
import {runPicture} from '../../../../src/ui/screens/load/view/run-picture.js'
import {initialState} from '../../../../src/ui/shell/commands/screens.js'
import {deadStatus, nodeView, pairSample, silentNode, snapshot} from '../../helpers/fake-nodes.js'
import {fakeProfile} from '../../helpers/fake-profile.js'
import {play} from '../../helpers/play.js'

const event = (t: number, kind: string, text: string, node = 'm1'): RunEvent => ({t, kind, node, text})
const summary = snapshot(1).response
const lag = {
  aToB: {intervalUs: 400, since: {...summary, unseen: 0, atLeast: [], notStored: 0}},
  bToA: {intervalUs: 200, since: {...summary, unseen: 3, atLeast: [], notStored: 0}},
}
const reading = {
  lag,
  operations: {...snapshot(1).operations, hit: 90, miss: 10},
  byMethod: ['set', 'get'].map(method => ({method, response: summary, service: summary})),
}

function runOf(snapshots: Parameters<typeof snapshot>[], more: Partial<RunView> = {}): RunView {
  const run = startedRun({number: 1, profile: 'seed', target: 'm1', pair: ['m1', 's1']})
  return {
    ...addToRun(
      run,
      snapshots.map(args => snapshot(...args)),
    ),
    ...more,
  }
}

describe('points of a run', () => {
  const point = (index: number): RunPoint => ({...pointOf(snapshot(index / 5)), p99Us: index, opsPerSecond: index})

  it('are kept for an hour in bounded memory, worst times and mean rates', () => {
    let points: readonly RunPoint[] = []
    for (let index = 1; index <= 25_000; index++) points = addPoints(points, [point(index)])
    expect(points.length).toBeLessThan(3600)
    expect(points.at(-1)).toEqual(point(25_000))
    expect(points.at(-1)!.elapsedSeconds - points[0]!.elapsedSeconds).toBeGreaterThan(3600)
    expect(points.filter(({elapsedSeconds}) => elapsedSeconds > 5000 - 300)).toHaveLength(1500)
    const [oldest] = points
    expect(oldest!.p99Us).toBe(oldest!.elapsedSeconds * 5)
    expect(oldest!.opsPerSecond).toBeCloseTo(oldest!.elapsedSeconds * 5 - 4.5)
    expect(oldest!.seconds).toBeCloseTo(2)
  })

  it('have no remnant at the end that would look like a collapse', () => {
    const whole = {...pointOf(snapshot(5)), seconds: 0.2, opsPerSecond: 1000, errors: 1}
    const remnant = {...whole, elapsedSeconds: 5.002, seconds: 0.002, opsPerSecond: 0, errors: 2}
    const points = addPoints([{...whole, elapsedSeconds: 4.8}], [whole, remnant])
    expect(points).toHaveLength(2)
    expect(points.at(-1)).toMatchObject({elapsedSeconds: 5.002, errors: 3})
    expect(points.at(-1)!.opsPerSecond).toBeGreaterThan(985)
  })

  it('begin anew when a warm-up is over', () => {
    const warmup = runOf([
      [0.2, {phase: 'warmup'}],
      [0.4, {phase: 'warmup'}],
    ])
    expect(warmup.points).toHaveLength(2)
    expect(addToRun(warmup, [snapshot(0.6, {phase: 'warmup'}), snapshot(0.1), snapshot(0.3)]).points).toHaveLength(2)
  })
})

describe('marks of a run', () => {
  it('are what matters of its events, failures told from the rest', () => {
    const marks = addMarks(
      [],
      [
        event(-1, 'phase', 'warm-up: not measured'),
        event(1, 'listening', 'waits'),
        event(2, 'linkLost', 'link lost'),
        event(3, 'rate', 'rate 1 → 2 op/s', '127.0.0.1:1'),
      ],
    )
    expect(marks).toEqual([
      {seconds: 2, node: 'm1', text: 'link lost', tone: 'bad', minor: false},
      {seconds: 3, node: '', text: 'rate 1 → 2 op/s', tone: 'accent', minor: false},
    ])
  })
})

describe('the pane of what happened', () => {
  const marks = Array.from({length: 7}, (_, index) => event(index, 'rate', `thing ${index}`))
  const run = startedRun({number: 1, profile: 'seed', target: 'm1'})
  const rows = (width: number) =>
    marksPane({...run, marks: addMarks([], marks)}, initialLoad, {width, height: 5}, monoTheme)

  it('has two columns where there is room, and says how much came earlier', () => {
    const wide = rows(160)
    expect(wide[0]).toContain('What happened  1 earlier: shift+tab')
    expect(wide[1]).toMatch(/thing 1 +▲ 00:04 thing 4 /)
    expect(wide[3]).toMatch(/thing 3 +▲ 00:06 thing 6 /)
    expect(wide.map(line => cellWidth(line))).toEqual(Array(5).fill(160))
    const narrow = rows(100)
    expect(narrow[0]).toContain('4 earlier')
    expect(narrow[3]).toMatch(/thing 6 +│$/)
  })
})

describe('the rate', () => {
  it('goes up and down in round steps', () => {
    const up = [1]
    while (up.at(-1)! < 100) up.push(rateAbove(up.at(-1)!))
    expect(up.slice(0, 12)).toEqual([1, 1.25, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10, 12.5])
    expect([rateAbove(2000), rateAbove(2222), rateAbove(9_999_999), rateBelow(2000), rateBelow(1000)]).toEqual([
      2500, 2500, 10_000_000, 1500, 800,
    ])
    expect(rateBelow(1)).toBe(1)
  })

  const profiles: Action = {type: 'load', event: {type: 'listed', profiles: [fakeProfile('smoke')]}}
  const ready = play(
    initialState({columns: 80, rows: 24}, 0),
    {type: 'sample', sample: pairSample()},
    profiles,
    '2',
  ).state
  const sample = (...args: Parameters<typeof snapshot>): Action => ({
    type: 'sample',
    sample: pairSample({}, {snapshots: [snapshot(...args)]}),
  })
  const rates = (effects: ReturnType<typeof play>['effects']) =>
    effects.flatMap(effect =>
      effect.type === 'load' && effect.request.type === 'rate' ? [effect.request.ratePerSecond] : [],
    )

  it('is asked of the run, from what was asked for last', () => {
    const running = play(ready, 'b', sample(1, {ratePerSecond: 2000})).state
    expect(rates(play(running, '+ + -').effects)).toEqual([2500, 3000, 2500])
    const reached = play(running, '+', sample(1.2, {ratePerSecond: 2500})).state
    expect(reached.load.run?.wantedRate).toBeNull()
    expect(rates(play(reached, '-').effects)).toEqual([2000])
  })

  it('is refused with the reason', () => {
    const notice = (...actions: (Action | string)[]) => play(ready, ...actions, '+').state.notice?.text
    expect(notice()).toMatch(/No load runs/)
    expect(notice('b')).toMatch(/Cannot change the rate before/)
    expect(notice('b', sample(1, {ratePerSecond: null}))).toMatch(/closed-loop run/)
    const refused = play(ready, 'b', sample(1), '+', {type: 'load', event: {type: 'rateRefused'}}).state
    expect(refused).toMatchObject({notice: {tone: 'bad'}, load: {run: {wantedRate: null}}})
  })
})

describe('the view of the charts', () => {
  it('has windows from half a minute to an hour, and two scales', () => {
    const state = initialState({columns: 80, rows: 24}, 0)
    const view = (keys: string) => play(state, `2 ${keys}`).state.load
    expect(view('< < <').windowSeconds).toBe(30)
    expect(view('> > > > >').windowSeconds).toBe(3600)
    expect(view('l').scale).toBe('log')
    expect(view('l l').scale).toBe('linear')
  })
})

const sizes = [
  [60, 15],
  [79, 24],
  [80, 24],
  [100, 30],
  [140, 30],
  [200, 60],
  [300, 100],
] as const

describe('the layout', () => {
  it.each(sizes)('fills %d×%d without a remainder, whatever there is to show', (columns, rows) => {
    const {width, height} = bodyArea({columns, rows})
    for (const charts of [2, 3, 4]) {
      for (const latencyLines of [2, 4, 12]) {
        for (const headerLines of [3, 4, 6]) {
          const layout = loadLayout({columns, rows}, {charts, latencyLines, headerLines})
          for (const row of layout.charts) expect(row.reduce((sum, area) => sum + area.width, 0)).toBe(width)
          const chartRows = layout.charts.reduce((sum, [first]) => sum + first!.height, 0)
          expect(layout.headerRows + chartRows + layout.sparkRows + layout.markRows + layout.latencyRows).toBe(height)
        }
      }
    }
  })
})

describe('the picture of a run', () => {
  const view = {windowSeconds: 60, scale: 'linear'} as const
  const target = nodeView('m1')
  const draw = (run: RunView, columns = 100, rows = 30, node = target) =>
    linesOf(runPicture({run, isFrozen: false, target: node}, view, {size: {columns, rows}, theme: monoTheme})).map(
      stripVTControlCharacters,
    )
  const running = runOf([
    [0.2, reading],
    [0.4, {...reading, events: [event(0.3, 'linkLost', 'replication link lost')]}],
    [5, reading],
  ])

  it('has no end of its time axis before anything is known', () => {
    const axis = (run: RunView, columns = 100) => draw(run, columns).find(line => line.includes('00:00 └'))
    expect(axis(runOf([]))).toMatch(/00:00 └─+ │/)
    for (let columns = 100; columns <= 200; columns++) expect(axis(running, columns)).toContain('─00:10 │')
  })

  it.each(sizes)('fits %d×%d', (columns, rows) => {
    for (const run of [running, runOf([]), {...running, phase: 'failed' as const, error: 'no '.repeat(200)}]) {
      const lines = draw(run, columns, rows)
      expect(lines).toHaveLength(rows - 2)
      for (const line of lines) expect(cellWidth(line)).toBe(columns)
    }
  })

  it('has throughput, response, lag and hit ratio, with a mark on each for what happened', () => {
    const text = draw(running).join('\n')
    for (const title of ['Throughput op/s', 'Response ms ─ p99 · p50', 'Lag ms ─ m1→s1 · s1→m1', 'Hit ratio %']) {
      expect(text).toContain(title)
    }
    expect(text.match(/└─+✖─/g)).toHaveLength(4)
    expect(text).toContain('✖ 00:00 m1 replication link lost')
  })

  it('has response and service of all, the lag both ways, and each method where there is room', () => {
    expect(draw(running, 100, 60).join('\n')).toMatch(
      /response .*service .*lag m1→s1 .*lag s1→m1 [^\n]* 3 .*set response .*set service .*get response .*get service /s,
    )
    expect(draw(running, 80, 24).join('\n')).toMatch(/response .*service .*/s)
  })

  it('has the step of the rate that goes on, and those before where there is room', () => {
    const step = (number: number, from: number, to: number) => ({
      t: number - 1,
      seconds: 1,
      plannedPerSecond: {from, to, mean: (from + to) / 2},
      opsPerSecond: 1,
      operations: {planned: 1, sent: 1, ok: 1, miss: 0, errors: 4, withoutReply: 0},
      reads: null,
      latencyUs: {response: summary, service: summary},
    })
    const stepping = runOf([[2.5, {...reading, steps: [step(1, 500, 500), step(2, 500, 900), step(3, 2000, 2000)]}]])
    expect(draw(stepping, 100, 60).join('\n')).toMatch(
      /response .*service .*3: 2.0k\/s .* 4 .*lag m1→s1 .*get service .*2: 500\.\.900\/s .*1: 500\/s /s,
    )
  })

  it('says that the target is dead or frozen, and what helps', () => {
    const stands = runOf([[1, {interval: {...snapshot(1).interval, opsPerSecond: 0}}]])
    const alert = (run: RunView, status: Parameters<typeof nodeView>[1]) => draw(run, 80, 24, nodeView('m1', status))[1]
    expect(draw(stands, 80, 24, silentNode('m1'))[1]).toMatch(/m1 is SILENT +calls wait; 1 says more/)
    expect(alert(stands, deadStatus)).toMatch(/m1 is DEAD +calls fail; 1 then r starts it/)
    expect(alert(stands, {state: 'paused'})).toMatch(/m1 is FROZEN +calls wait; 1 then z thaws/)
    expect(alert(running, deadStatus)).toMatch(/m1 is DEAD +calls are answered elsewhere/)
  })

  it('says what happened before what follows from it, the newest second first', () => {
    const events = [
      event(1, 'linkLost', 'link lost', 's1'),
      event(4.1, 'killed', 'killed by the operator'),
      event(4.2, 'connectionFailed', '10 connections: reset', '127.0.0.1:11211'),
    ]
    const line = draw(runOf([[5, {events}]])).find(text => text.includes('killed'))
    expect(line).toMatch(/✖ 00:04 m1 killed by the operator +✖ 00:04 10 connections: reset/)
  })

  it('says what operations failed of, the most frequent first', () => {
    const errors = {'SERVER_ERROR out of memory': 3, 'SERVER_ERROR too large': 20, a: 1, b: 1}
    const run = runOf([[1, {operations: {...snapshot(1).operations, errors, timedOut: 5}}]])
    expect(draw(run)[1]).toMatch(/✖ SERVER_ERROR too large 20, timed out 5, SERVER_ERROR out of memory 3, 2 more kinds/)
  })

  it('says when the generator is the bottleneck', () => {
    expect(draw(running).join('\n')).toContain('✓ generator keeps up')
    expect(draw(runOf([[1, {health: 'saturated'}]])).join('\n')).toContain('▲ GENERATOR SATURATED')
    const late = draw(runOf([[1, {lateShare: 0.042, health: 'late'}]])).join('\n')
    expect(late).toContain('▲ machine busy: 4.2 % of the calls sent late')
  })

  it('tells at the end where the run is kept and how it compares', () => {
    const result = {report: '', savedAs: '/runs/x.json', comparison: 'vs run #6: rate +1.2 %', verdict: 'pass'} as const
    const text = draw({...running, phase: 'ended', result}).join('\n')
    expect(text).toContain('saved to /runs/x.json')
    expect(text).toContain('vs run #6: rate +1.2 %')
    expect(
      draw({...running, phase: 'ended', result: {...result, comparison: 'a longer word '.repeat(12)}}, 80, 24)[4],
    ).toMatch(/^│ a? ?longer word/)
    const saved = draw({...running, phase: 'ended', result: {...result, savedAs: `~/${'d'.repeat(90)}/x.json`}}, 80, 24)
    expect(saved[2]).toMatch(/saved to …d+\/x\.json/)
  })

  it('has a scale for errors that names each line once', () => {
    const writes = runOf([
      [1, {lag}],
      [2, {lag}],
    ])
    const errors = draw(writes, 100, 40)
    const at = errors.findIndex(line => line.includes('Errors/s'))
    const labels = errors.slice(at + 1, at + 8).flatMap(line => /│{2} +([\d.]+) ┤/.exec(line)?.[1] ?? [])
    expect(labels.length).toBeGreaterThan(1)
    expect(labels).toEqual([...new Set(labels)])
  })

  it('says at the end which conditions held, broken ones first, and that it went to both nodes', () => {
    const assertions = [
      {expr: 'errors==0', got: '0', verdict: 'pass'},
      {expr: 'p99<1ms', got: '1.30 ms', verdict: 'fail'},
    ] as const
    const result = {report: '', savedAs: null, comparison: null, verdict: 'fail', assertions} as const
    const lines = draw({...running, phase: 'ended', result, both: true})
    expect(lines[2]).toContain('✗ p99<1ms (1.30 ms)   ✓ errors==0 (0)')
    expect(lines[0]).toContain('→ m1 and s1')
  })

  it('says at the end why it is no pass, where neither errors nor conditions do', () => {
    const reasons = ['279,575 reads missing', 'm1 evicted 40,775 items: its memory was full']
    const result = {report: '', savedAs: null, comparison: null, verdict: 'fail', reasons} as const
    const lines = draw({...running, phase: 'ended', result})
    expect(lines[2]).toContain('✖ 279,575 reads missing, m1 evicted 40,775 items: its memory was full')
  })

  it('says at the end that the figures are not the server’s alone', () => {
    const end = (health: 'late' | 'saturated', errors = {}) =>
      draw({
        ...runOf([[1, {health, lateShare: 0.39, operations: {...snapshot(1).operations, errors}}]]),
        phase: 'ended',
      })[1]
    expect(end('late')).toContain('machine busy: 39.0 % of the calls sent late')
    expect(end('saturated')).toContain('it set the pace, not the server')
    expect(end('late', {x: 1})).toContain('✖ x 1')
  })

  it('shows the rate that is wanted until the run has it', () => {
    expect(draw({...running, wantedRate: 125_000}).join('\n')).toContain('open loop 100,000 op/s → 125,000')
  })
})

describe('the choice of a load', () => {
  const long = `what it does ${'in many words '.repeat(8)}in the end`
  const data = {
    profiles: [
      {...fakeProfile('smoke'), summary: 'short'},
      {...fakeProfile('mixed'), summary: long},
    ],
    profileIndex: 1,
    formValues: {},
    nodes: Array.from({length: 6}, (_, index) => nodeView(`m${index + 1}`)),
    target: 'm6',
    both: false,
    lastRun: null,
    readonly: false,
  }
  const draw = (change: Partial<typeof data> = {}, height = 22) =>
    chooserPane({...data, ...change}, {width: 80, height}, monoTheme).map(stripVTControlCharacters)

  it('says all of what the chosen load does, and shows every node', () => {
    const text = draw().join('\n')
    expect(text).toMatch(/in the end/)
    for (const {name} of data.nodes) expect(text).toContain(` ${name} 127`)
    expect(text).toContain('> m6 ')
    expect(text).toContain('b starts mixed against m6')
  })

  it('fits where there is little room', () => {
    for (const height of [13, 16, 22]) {
      expect(draw({}, height)).toHaveLength(height)
      expect(draw({}, height).join('\n')).toContain('> mixed')
    }
    expect(draw({both: true}).join('\n')).toContain('against both nodes of the pair')
  })
})

describe('several runs', () => {
  it('are shown one by one, and what they have in common at their end', () => {
    const [first] = [runOf([[0.2], [0.4]])]
    const state = {...initialState({columns: 100, rows: 30}, 0)}
    const running = {...state, load: {...state.load, run: first}}
    const round = reduceLoadEvent(running, {type: 'round', round: {round: 2, of: 5}})
    expect(round.load.run).toMatchObject({number: 1, phase: 'running', points: [], snapshot: null, marks: []})
    expect(phaseWord(round.load.run!)).toEqual(['STARTING 2 of 5', 'accent'])
    const result = {
      report: '',
      savedAs: null,
      comparison: null,
      verdict: 'pass',
      repeated: '5 runs, medians: 2,000 op/s  p50 0.21 p99 1.30 max 4.10 ms',
    } as const
    const ended = reduceLoadEvent(round, {type: 'ended', result})
    expect(endLines(ended.load.run!, 80)[0]).toEqual([result.repeated])
  })
})
