import {mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {describe, expect, it, onTestFinished} from 'vitest'
import {readAuthFile} from '../../../../src/cli/commands/node/auth-file.js'

function fileWith(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'repbench-auth-'))
  onTestFinished(() => rmSync(folder, {recursive: true}))
  const file = join(folder, 'users')
  writeFileSync(file, text)
  return file
}

describe('the file of -Y', () => {
  it('has a line for each user; a password may hold colons, and the last line need not end', () => {
    expect(readAuthFile(fileWith('ann:se:cret\r\nbob: x'))).toEqual([
      {user: 'ann', password: 'se:cret'},
      {user: 'bob', password: ' x'},
    ])
  })

  it.each([
    ['', 'expected lines user:password, got an empty file'],
    ['ann:x\nsecret\n', 'expected user:password in line 2'],
    [':x\n', 'expected user:password in line 1'],
    ['u:p\n'.repeat(9), 'expected at most 8 users, got 9'],
  ])('refuses %j without showing it', (text, message) => {
    const file = fileWith(text)
    expect(() => readAuthFile(file)).toThrow(
      expect.objectContaining({code: 'ERR_USAGE', message: `-Y ${file}: ${message}`}),
    )
  })

  it.each(['/dev/null', '/dev/zero'])('does not read %s', file => {
    expect(() => readAuthFile(file)).toThrow(`got ${file}, which is a device`)
  })
})
