import {mkdtempSync, readFileSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {expect, onTestFinished, test} from 'vitest'
import {FindingsFile} from '../../../src/cli/files/findings-file.js'
import type {NamedFinding} from '../../../src/engine/check/ledger/ledger-findings.js'

const finding = (key: string) => ({key, kind: 'lost'}) as unknown as NamedFinding

test('has a line for each finding', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'repbench-findings-'))
  onTestFinished(() => rmSync(directory, {recursive: true}))
  const path = join(directory, 'findings')
  const file = new FindingsFile(path)
  const keys = Array.from({length: 10_000}, (_, index) => `ключ:${index}`)
  for (const key of keys) file.add(finding(key))
  expect(await file.complete()).toBeNull()
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n')
  expect(lines.map(line => JSON.parse(line).key)).toEqual(keys)
})

test('on a full disk takes what comes, and says at the end that it is not there', async () => {
  const file = new FindingsFile('/dev/full')
  for (let index = 0; index < 10_000; index++) file.add(finding(`key:${index}`))
  expect(await file.complete()).toMatchObject({
    code: 'ERR_OUT_FILE',
    message: 'Expected a writable --findings file, got write: no space left on device',
  })
})
