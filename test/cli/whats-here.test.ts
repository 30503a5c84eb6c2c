import {readdirSync, readFileSync} from 'node:fs'
import {basename} from 'node:path'
import {fileURLToPath} from 'node:url'
import {describe, expect, it} from 'vitest'

const checkout = fileURLToPath(new URL('../..', import.meta.url))

describe('docs/whats-here.md', () => {
  it('names every module, and none that is not there', () => {
    const files = readdirSync(`${checkout}/src`, {recursive: true, encoding: 'utf8'})
    const modules = new Set(files.filter(file => /\.tsx?$/.test(file)).map(file => basename(file)))
    const document = readFileSync(`${checkout}/docs/whats-here.md`, 'utf8')
    const named = new Set([...document.matchAll(/`(?:[\w-]+\/)*([\w-]+\.tsx?)`/g)].map(([, file]) => file!))
    expect({
      missing: [...modules].filter(file => !named.has(file)),
      gone: [...named].filter(file => !modules.has(file)),
    }).toEqual({
      missing: [],
      gone: [],
    })
  })
})
