import {existsSync, readFileSync} from 'node:fs'
import {fileURLToPath} from 'node:url'
import {describe, expect, it} from 'vitest'
import {readImports} from '../../scripts/house.ts'

process.chdir(fileURLToPath(new URL('../..', import.meta.url)))
const document = readFileSync('docs/whats-here.md', 'utf8')
const graph = readImports('src')

/** `### TITLE` and, below it, a numbered list whose items begin with a path in backquotes. */
function readFlows(markdown: string): {title: string; files: string[]}[] {
  return markdown
    .split(/^### /m)
    .slice(1)
    .map(section => ({
      title: section.slice(0, section.indexOf('\n')),
      files: [...section.matchAll(/^\d+\. `([^`]+)`/gm)].map(([, path]) => path!),
    }))
    .filter(({files}) => files.length > 0)
}

const flows = readFlows(document)

/** A module hands on to the next by an import, in either direction: a caller to its callee, a listener to its source. */
const tied = (a: string, b: string): boolean => graph.get(a)!.has(b) || graph.get(b)!.has(a)

/** What is handed on where neither end calls the other: messages of threads, keys and actions of the UI. */
const carriers = /\/(worker-messages|key-press|action)\.ts$/

const shareCarrier = (a: string, b: string): boolean =>
  [...graph.get(a)!].some(module => carriers.test(module) && graph.get(b)!.has(module))

describe('docs/whats-here.md', () => {
  it('follows five flows', () => {
    expect(flows.map(({title}) => title)).toEqual([
      'A key press starts a load',
      'A reply becomes a percentile',
      'A set reaches the peer',
      'A fault leads to a verdict',
      'A log line of a node reaches the screen',
    ])
  })

  it.each(flows)('$title: at most 12 files, all there', ({files}) => {
    expect(files.filter(path => !existsSync(path))).toEqual([])
    expect(files.length).toBeLessThanOrEqual(12)
    expect(new Set(files).size).toBe(files.length)
  })

  it.each(flows)('$title: each file is tied to an earlier one', ({files}) => {
    const loose = files.slice(1).filter((file, before) => {
      const earlier = files.slice(0, before + 1)
      return !earlier.some(other => tied(other, file) || shareCarrier(other, file))
    })
    expect(loose).toEqual([])
  })
})
