import {describe, expect, it} from 'vitest'
import {circles, folderFigures, readImports} from '../scripts/house.ts'

const graph = readImports('src')

/** One file a variant: these folders grow with what there is to choose from. */
const variants = new Set(['src/engine/drills/each'])

describe('the rooms of src', () => {
  it('hold at most 15 files each, but for the folders of variants', () => {
    const crowded = folderFigures(graph).filter(({folder, files}) => files > 15 && !variants.has(folder))
    expect(crowded).toEqual([])
  })

  it('have no file over 400 lines', () => {
    expect(folderFigures(graph).filter(({longestFileLines}) => longestFileLines > 400)).toEqual([])
  })

  it('have no circle of imports, types included', () => {
    expect(circles(graph)).toEqual([])
  })
})

describe('circles', () => {
  it('finds modules that import each other round about, and only those', () => {
    const example = new Map([
      ['a', new Set(['b'])],
      ['b', new Set(['c'])],
      ['c', new Set(['a'])],
      ['d', new Set(['a', 'd2'])],
      ['d2', new Set<string>()],
    ])
    expect(circles(example).map(circle => circle.sort())).toEqual([['a', 'b', 'c']])
  })
})

describe('the floors in .dependency-cruiser.js', () => {
  it('name every room of a folder that has floors', async () => {
    const config = new URL('../.dependency-cruiser.js', import.meta.url).href
    const {floors}: {floors: Record<string, string[][]>} = await import(config)
    for (const [parent, levels] of Object.entries(floors)) {
      const below = folderFigures(graph).filter(({folder}) => folder.startsWith(`${parent}/`))
      const there = new Set(below.map(({folder}) => folder.slice(parent.length + 1).split('/')[0]!))
      const named = new Set(levels.flat())
      expect({parent, unnamed: [...there].filter(room => !named.has(room))}).toEqual({parent, unnamed: []})
    }
  })
})
