import {describe, expect, it} from 'vitest'
import {following, type Scroll, scrollBy, visible} from '../../../src/ui/core/scroll.js'

const items = [...Array(10).keys()]
const height = 4
const by = (lines: number, scroll: Scroll<number> = following, list = items) =>
  scrollBy({scroll, items: list, by: lines, height})

describe('scrolling', () => {
  it('follows the end at first', () => expect(visible(following, items, height)).toEqual([6, 7, 8, 9]))

  it('goes back, no further than the start', () => {
    expect(visible(by(-2), items, height)).toEqual([4, 5, 6, 7])
    expect(visible(by(-99), items, height)).toEqual([0, 1, 2, 3])
    expect(visible(by(Number.NEGATIVE_INFINITY), items, height)).toEqual([0, 1, 2, 3])
  })

  it('holds still while lines arrive, and follows again at the end', () => {
    const held = by(-2)
    const longer = [...items, 10, 11]
    expect(visible(held, longer, height)).toEqual([4, 5, 6, 7])
    expect(by(2, held, longer)).toEqual(following)
  })

  it('does nothing with a list that fits', () => {
    expect(by(-1, following, [1, 2])).toEqual(following)
    expect(visible(following, [1, 2], height)).toEqual([1, 2])
  })
})
