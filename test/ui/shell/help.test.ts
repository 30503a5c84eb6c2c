import {stripVTControlCharacters} from 'node:util'
import {describe, expect, it} from 'vitest'
import type {Binding} from '../../../src/ui/core/binding.js'
import type {UiState} from '../../../src/ui/core/ui-state.js'
import {monoTheme} from '../../../src/ui/draw/theme.js'
import {initialState, screens} from '../../../src/ui/shell/commands/screens.js'
import {footerLine} from '../../../src/ui/shell/frame/footer.js'
import {helpPane} from '../../../src/ui/shell/help/help.js'
import {rows} from '../../../src/ui/shell/keys/keys.js'
import {paletteEntries} from '../../../src/ui/shell/palette/palette.js'
import {drillSummaries, openedReport} from '../helpers/fake-history.js'
import {pairSample} from '../helpers/fake-nodes.js'
import {fakeProfile} from '../helpers/fake-profile.js'
import {play} from '../helpers/play.js'

const table: readonly Binding[] = rows
const changing = table.filter(({changes}) => changes === true)
const size = {columns: 80, rows: 24}
const start = play(
  initialState(size, 0),
  {type: 'sample', sample: pairSample()},
  {type: 'load', event: {type: 'listed', profiles: [fakeProfile('smoke')]}},
  {type: 'drill', event: {type: 'listed', drills: drillSummaries}},
).state
const looking: UiState = {...start, session: {...start.session, readonly: true}}

const textOf = (lines: readonly string[]) => lines.map(stripVTControlCharacters).join('\n')
const helpText = (readonly: boolean, width = 130) =>
  textOf(helpPane({from: 0, readonly, screen: 'nodes', table}, {width, height: 500}, monoTheme))
const footer = (state: UiState) => stripVTControlCharacters(footerLine(state, 300, monoTheme))

describe('the help', () => {
  it('lists every key, and with --readonly none that changes something', () => {
    const [all, some] = [helpText(false), helpText(true)]
    expect(changing.length).toBeGreaterThan(12)
    for (const {help} of table) expect(all.replaceAll(/\s+/g, ' ')).toContain(help.split(' ').slice(0, 4).join(' '))
    for (const {help} of changing) expect(some).not.toContain(help.slice(0, 40))
    expect(some).toContain('--readonly')
    expect(some).not.toContain('run the chosen drill')
    expect(some).toContain('in the history: open the report')
  })

  it('shows what it says in full in a narrow window', () => {
    expect(helpText(false, 60)).not.toContain('…\n')
    for (const line of helpText(false, 60).split('\n')) expect(line).toHaveLength(60)
  })

  it('begins with the screen in sight, and has two columns in a wide window', () => {
    const wide = helpPane({from: 0, readonly: false, screen: 'drill', table}, {width: 200, height: 30}, monoTheme)
    const lines = wide.map(stripVTControlCharacters)
    expect(lines[1]).toMatch(/^│ Screen Drill {80,}\S/)
    expect(lines.join('\n')).toContain('Everywhere')
    for (const line of lines) expect(line).toHaveLength(200)
  })

  it('scrolls by lines and pages within what there is', () => {
    const at = (keys: string) => play(start, keys).state.help
    expect(at('? j j k')).toBe(1)
    expect(at('? pagedown')).toBe(18)
    expect(at('? pagedown pageup')).toBe(0)
    expect(play(start, '? G').state.help).toBe(play(start, '? G j pagedown').state.help)
    expect(at('? G g')).toBe(0)
  })
})

describe('what may not be done with --readonly', () => {
  it.each(screens.map(({id}) => id))('is not in the footer of %s', screen => {
    const {state} = play(looking, String(screens.findIndex(({id}) => id === screen) + 1))
    const labels = changing.flatMap(({screens: on, label}) =>
      on?.includes(screen) && typeof label === 'string' ? [label] : [],
    )
    for (const label of [...labels, ...(screen === 'drill' ? ['run'] : [])]) {
      expect(` ${footer(state)} `).not.toContain(` ${label} `)
    }
  })

  it('is not in the palette', () => {
    const helps = paletteEntries('', looking).map(({help}) => help)
    for (const {help} of changing) expect(helps).not.toContain(help)
    expect(paletteEntries('rate 25k', looking).filter(({name}) => name === 'rate 25k')).toEqual([])
    expect(paletteEntries('replay x', looking).filter(({name}) => name === 'replay x')).toEqual([])
  })
})

describe('the footer of a form', () => {
  it.each([
    ['2 e', 'enter start load', '^S save as file'],
    ['4 e', 'enter run drill', '^S keep for later'],
    ['1 a', 'enter attach', null],
    ['2 w', 'enter save', null],
    ['1 n', 'enter launch', null],
  ])('says after %s what enter does: %s', (keys, accept, keep) => {
    const {state} = play(start, keys)
    const line = footer(state)
    expect(stripVTControlCharacters(footerLine(state, 80, monoTheme))).toContain('esc back')
    expect(line).toContain(accept)
    expect(line.includes('next field')).toBe(keys === '2 e' || keys === '4 e')
    if (keep === null) expect(line).not.toContain('^S')
    else expect(line).toContain(keep)
  })
})

describe('the footer', () => {
  it('names only what can be done at this moment', () => {
    const drilling = play(start, '4 enter').state
    expect(footer(drilling)).not.toContain('options')
    expect(footer(drilling)).toContain('a abort…')
    expect(footer(play(drilling, 'esc').state)).toContain('enter watch')
    expect(footer(play(start, '4').state)).toMatch(/enter run .*e options/)
    const opened = play(start, '5', {
      type: 'report',
      event: {type: 'opened', title: 'Run 1', report: openedReport('text')},
    }).state
    for (const label of ['open', 'mark', 'compare', 'filter', 'export', 'delete…']) {
      expect(footer(opened)).not.toContain(` ${label} `)
      expect(footer(play(start, '5').state)).toContain(` ${label} `)
    }
    expect(footer(play(start, '2').state)).toMatch(/b start .*e edit .*tab target/)
    expect(footer(play(start, '2 b').state)).toMatch(/b stop .*f table .*tab panes .*\+ faster/)
    expect(footer(play(start, '2 b').state)).not.toContain('edit')
  })
})
