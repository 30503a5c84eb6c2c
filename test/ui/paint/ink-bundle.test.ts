import {execFile} from 'node:child_process'
import {mkdtemp, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {promisify} from 'node:util'
import {afterAll, beforeAll, describe, expect, it} from 'vitest'
import {bundleInk} from '../../../scripts/bundle-ink.js'
import * as plainInk from '../../../src/ui/paint/ink.js'

const run = promisify(execFile)
const fromRoot = (path: string) => fileURLToPath(new URL(`../../../${path}`, import.meta.url))
const entry = fromRoot('src/ui/paint/ink.ts')
const cellWidth = fromRoot('src/ui/draw/cell-width.ts')
const built = JSON.stringify(new URL('../../../dist/ui/paint/ink.js', import.meta.url).href)

function evaluated(script: string, NODE_ENV: string) {
  return run(process.execPath, ['--input-type=module', '--eval', script], {env: {...process.env, NODE_ENV}})
}

describe('the bundle of Ink', () => {
  it('imports nothing but React, Node.js and our measure of text', async () => {
    const {code} = await bundleInk({entry, cellWidth})
    const imported = [...code.matchAll(/^import .*?from "(.*)";$/gm)].map(([, name]) => name)
    expect(imported.filter(name => name?.startsWith('node:') !== true).sort()).toEqual([
      '../draw/cell-width.js',
      'react',
      'react/jsx-runtime',
    ])
  })

  it('names the licence of each package in it', async () => {
    const {licenses} = await bundleInk({entry, cellWidth})
    expect(licenses).toMatch(/^ink \d[\d.]* \(MIT\)$/m)
    expect(licenses).toMatch(/^yoga-layout \d[\d.]* \(MIT\)$/m)
    expect(licenses).toContain('Copyright (c) Vadym Demedes')
    expect(licenses).not.toMatch(/^string-width \d/m)
  })

  it('is what is built: it exports the same, keeps fetch, and loads no client for HTTP', async () => {
    const script = `const ink = await import(${built})
      const clients = process.moduleLoadList.filter(name => name.includes('undici'))
      console.log(JSON.stringify({names: Object.keys(ink), clients, fetch: typeof fetch}))`
    const {stdout} = await evaluated(script, 'production')
    expect(JSON.parse(stdout)).toEqual({names: Object.keys(plainInk).sort(), clients: [], fetch: 'function'})
  })

  it("refuses React's development build, with which it would draw nothing", async () => {
    await expect(evaluated(`await import(${built})`, 'development')).rejects.toThrow(
      'Expected NODE_ENV=production for the bundled Ink, got development',
    )
  })
})

describe('an Ink that the bundle does not fit', () => {
  let folder: string

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'repbench-ink-'))
    await writeFile(join(folder, 'devtools.js'), '')
  })

  afterAll(async () => {
    await rm(folder, {recursive: true, force: true})
  })

  async function bundled(source: string) {
    const fakeInk = join(folder, 'fake-ink.js')
    await writeFile(fakeInk, source)
    return bundleInk({entry: fakeInk, cellWidth: join(folder, 'cell-width.ts')})
  }

  const fitting = `import './devtools.js'\nexport {default as width} from 'string-width'`

  it('is none where it imports what is replaced', async () => {
    const {code} = await bundled(fitting)
    expect(code).toContain('from "./cell-width.js"')
  })

  it.each([
    ['no longer imports string-width', `import './devtools.js'`, /no longer imports string-width;/],
    ['has no devtools', `export {default as width} from 'string-width'`, /no longer imports \.\/devtools\.js;/],
    ['imports more of string-width', `${fitting}\nexport {other} from 'string-width'`, /other/],
    ['imports what is not there', `${fitting}\nimport 'a-package-that-nobody-has'`, /a-package-that-nobody-has/],
  ])('fails the build with the reason: it %s', async (_, source, reason) => {
    await expect(bundled(source)).rejects.toThrow(reason)
  })
})
