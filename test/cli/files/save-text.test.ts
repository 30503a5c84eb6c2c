import {mkdtemp, readFile, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {basename, join} from 'node:path'
import {afterEach, beforeEach, expect, it, vi} from 'vitest'
import {saveText} from '../../../src/cli/files/save-text.js'

let directory: string

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'repbench-save-'))
  vi.spyOn(process, 'cwd').mockReturnValue(directory)
})

afterEach(async () => {
  vi.restoreAllMocks()
  await rm(directory, {recursive: true})
})

it('writes a new file each time, also twice in a second and under an address', async () => {
  const options = {name: 'log-[::1]:11211', text: 'one\n'}
  const files = [await saveText(options), await saveText(options), await saveText(options)]
  expect(new Set(files).size).toBe(3)
  for (const file of files) {
    expect(basename(file)).toMatch(/^repbench-log-___1__11211-\d{8}-\d{6}(-\d)?\.txt$/)
    expect(await readFile(file, 'utf8')).toBe('one\n')
  }
})
