import fc from 'fast-check'
import stringWidth from 'string-width'
import {describe, expect, it} from 'vitest'
import {cellWidth} from '../../../src/ui/draw/cell-width.js'
import {chart} from '../../../src/ui/draw/chart.js'
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatLag,
  formatMs,
  formatPercent,
  formatSize,
} from '../../../src/ui/draw/format.js'
import {pane} from '../../../src/ui/draw/pane.js'
import {sparkline} from '../../../src/ui/draw/sparkline.js'
import {clip, padTo, paint, paintBoth, wrapWords} from '../../../src/ui/draw/text.js'
import {darkTheme, monoTheme} from '../../../src/ui/draw/theme.js'

const anyText = fc.string({unit: 'grapheme', maxLength: 60})

describe('the width of text', () => {
  it('is what the library says of every character, alone and among others', () => {
    for (let code = 0; code <= 0x2fff; code += 1) {
      const character = String.fromCodePoint(code)
      expect([code, cellWidth(character)]).toEqual([code, stringWidth(character)])
    }
    fc.assert(
      fc.property(anyText, text => {
        expect(cellWidth(`│ ${text} ✓`)).toBe(stringWidth(`│ ${text} ✓`))
      }),
    )
  })
})

describe('text', () => {
  it('pads and cuts to exactly the width asked for, whatever the characters', () => {
    fc.assert(
      fc.property(anyText, fc.integer({min: 0, max: 80}), (text, width) => {
        expect(cellWidth(padTo(text, width))).toBe(width)
        expect(cellWidth(clip(text, width))).toBeLessThanOrEqual(width)
        expect(cellWidth(paint([text, [text, 'ok']], width, darkTheme))).toBe(width)
      }),
    )
  })

  it('shows that something was cut', () => expect(clip('memcached', 6)).toBe('memca…'))

  it('keeps the right side and lets the left give way', () => {
    expect(paintBoth({left: ['a long left side'], right: ['right']}, 12, monoTheme)).toBe('a long…right')
  })

  it('emits no escape sequence for a plain tone', () => {
    expect(paint(['a', ['b', 'accent'], ['c', 'dim']], 3, monoTheme)).toBe('abc')
  })
})

describe('wrapped words', () => {
  it('stay within the width, one that is longer being broken', () => {
    expect(wrapWords('a log is at /var/log/one/two.log now', 10)).toEqual([
      'a log is',
      'at',
      '/var/log/o',
      'ne/two.log',
      'now',
    ])
    expect(wrapWords('日本語日本語', 5)).toEqual(['日本', '語日', '本語'])
    expect(wrapWords('', 5)).toEqual([''])
  })
})

describe('format', () => {
  it.each([
    [0, '0'],
    [999, '999'],
    [999.6, '1.0k'],
    [1234, '1.2k'],
    [90_500, '90.5k'],
    [99_960, '100k'],
    [999_960, '1.0M'],
    [1_250_000, '1.3M'],
    [null, '–'],
  ])('writes the count %s as %s', (value, text) => expect(formatCount(value)).toBe(text))

  it.each([
    [512, '512'],
    [1023.7, '1.0K'],
    [432_013_312, '412M'],
  ])('writes %s bytes as %s, with their unit where no heading has it', (value, text) => {
    expect(formatBytes(value)).toBe(text)
    expect(formatSize(value)).toBe(`${text}B`)
  })

  it.each([
    [41, '0.04'],
    [1300, '1.30'],
    [9996, '10.0'],
    [153_400, '153'],
    [null, '–'],
  ])('writes %s µs as %s ms', (value, text) => expect(formatMs(value)).toBe(text))

  it.each([
    [0, '<0.01'],
    [9, '<0.01'],
    [10, '0.01'],
    [83, '0.08'],
    [1830, '1.83'],
    [null, '–'],
  ])('writes a lag of %s µs as %s ms', (value, text) => expect(formatLag(value)).toBe(text))

  it('writes durations and shares', () => {
    expect([formatDuration(7.9), formatDuration(724), formatDuration(3723)]).toEqual(['00:07', '12:04', '1:02:03'])
    expect([formatPercent(0.982), formatPercent(1), formatPercent(null)]).toEqual(['98.2', '100', '–'])
  })
})

describe('sparkline', () => {
  it('stands the newest value at the right and leaves gaps', () => {
    expect(sparkline([0, null, 50, 100], 6)).toBe('  ▁ ▅█')
  })

  it('is exactly as wide as asked, for any values', () => {
    const value = fc.oneof(fc.double(), fc.constant(null))
    fc.assert(
      fc.property(fc.array(value), fc.integer({min: 0, max: 50}), (values, width) => {
        expect(sparkline(values, width)).toHaveLength(width)
      }),
    )
  })
})

describe('chart', () => {
  const draw = (values: readonly (number | null)[], width = 20, height = 5) =>
    chart({values, width, height, formatLabel: formatCount, theme: monoTheme, tone: 'ok', empty: 'nothing yet'})

  it('draws a rising line between its smallest and largest value', () => {
    expect(draw([0, 0, 10, 10, 20])).toEqual([
      '    20 ┤    ╭       ',
      '       ┤    │       ',
      '    10 ┤  ╭─╯       ',
      '       ┤  │         ',
      '     0 ┤──╯         ',
    ])
  })

  it('draws a flat line in the middle, and small noise almost flat', () => {
    expect(draw([100, 100, 100])[2]).toBe('   100 ┤───         ')
    expect(draw([1000, 1001, 1000])[2]).toBe('  1.0k ┤───         ')
  })

  it('says where its scale begins, whatever its height', () => {
    const labels = (height: number) => draw([0, 10], 20, height).map(line => line.slice(0, 6).trim())
    expect(labels(4)).toEqual(['10', '', '', '0'])
    expect(labels(6)).toEqual(['10', '', '6', '', '', '0'])
    expect(labels(7)).toEqual(['10', '', '7', '', '3', '', '0'])
  })

  it('fills its whole width', () => {
    expect(draw([...Array(50).keys()])[0]).toMatch(/╭─$/)
  })

  it('keeps columns before the first value blank, so that marks below stay in their place', () => {
    expect(draw([null, null, 5, 5])[2]).toBe('     5 ┤  ──        ')
  })

  it('does not reach beyond where values end', () => {
    const drawn = chart({
      ...{values: [1, 1, 1], width: 20, height: 3, most: 1},
      ...{formatLabel: formatPercent, theme: monoTheme, tone: 'ok', empty: ''},
    })
    expect(drawn).toEqual(['   100 ┤───         ', '  95.0 ┤            ', '  90.0 ┤            '])
  })

  it('holds the last value through a short gap, and leaves a long one blank', () => {
    const gaps = [1, null, 1, null, null, null, 1]
    const drawn = chart({
      ...{values: gaps, dots: gaps.map(value => value && 2), width: 20, height: 2, holdColumns: 1},
      ...{formatLabel: formatCount, theme: monoTheme, tone: 'ok', empty: ''},
    })
    expect(drawn.map(line => line.slice(8, 15))).toEqual(['···   ·', '───   ─'])
  })

  it('dots a second series on the same scale, behind the line', () => {
    const drawn = chart({
      ...{values: [20, 20, 20], dots: [0, 10, 20], width: 20, height: 3},
      ...{formatLabel: formatCount, theme: monoTheme, tone: 'ok', empty: ''},
    })
    expect(drawn.map(line => line.slice(8, 11))).toEqual(['───', ' · ', '·  '])
  })

  it('draws powers of ten at equal distances on a logarithmic scale, and 0 at the bottom', () => {
    const drawn = chart({
      ...{values: [0, 1, 10, 100], width: 20, height: 3, scale: 'log'},
      ...{formatLabel: formatCount, theme: monoTheme, tone: 'ok', empty: ''},
    })
    expect(drawn).toEqual(['   100 ┤   ╭        ', '    10 ┤  ╭╯        ', '     1 ┤──╯         '])
  })

  it('says that there is nothing to draw', () => {
    expect(draw([])[2]).toBe('    nothing yet     ')
    expect(draw([null, Number.NaN])[2]).toBe('    nothing yet     ')
  })

  it('is exactly as large as asked, for any values', () => {
    const value = fc.oneof(fc.double(), fc.constant(null), fc.integer({min: -5, max: 5}))
    fc.assert(
      fc.property(
        fc.array(value, {maxLength: 200}),
        fc.integer({min: 9, max: 100}),
        fc.integer({min: 1, max: 30}),
        (values, width, height) => {
          const lines = draw(values, width, height)
          expect(lines).toHaveLength(height)
          for (const line of lines) expect(cellWidth(line)).toBe(width)
        },
      ),
    )
  })
})

describe('pane', () => {
  it('frames lines with a title and a corner', () => {
    const lines = pane({
      title: ['m1'],
      corner: ['UP'],
      lines: [['hello'], {left: ['left side'], right: ['0.2 ms']}],
      width: 20,
      height: 4,
      theme: monoTheme,
    })
    expect(lines).toEqual([
      '┌─ m1 ──────── UP ─┐',
      '│ hello            │',
      '│ left side 0.2 ms │',
      '└──────────────────┘',
    ])
  })

  it('leaves the corner out where it does not fit, and keeps its size', () => {
    const lines = pane({title: ['a long title'], corner: ['corner'], lines: [], width: 20, height: 3, theme: monoTheme})
    expect(lines[0]).toBe('┌─ a long title ───┐')
    expect(lines.map(line => line.length)).toEqual([20, 20, 20])
  })
})
