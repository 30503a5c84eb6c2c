import {execFileSync} from 'node:child_process'
import {existsSync, mkdtempSync, readFileSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {describe, expect, it, onTestFinished} from 'vitest'
import {writePidFile} from '../../../../src/cli/commands/node/pid-file.js'

function temporaryPath(): string {
  const folder = mkdtempSync(join(tmpdir(), 'repbench-pid-'))
  onTestFinished(() => rmSync(folder, {recursive: true}))
  return join(folder, 'pid')
}

describe('the file of -P', () => {
  it('holds the process id until the end', () => {
    const path = temporaryPath()
    const remove = writePidFile(path, () => {})
    expect(readFileSync(path, 'utf8')).toBe(`${process.pid}\n`)
    remove()
    expect(existsSync(path)).toBe(false)
  })

  it('may be a pipe that nobody reads, or full: the node says so and goes on', () => {
    const pipe = temporaryPath()
    execFileSync('mkfifo', [pipe])
    const said: string[] = []
    writePidFile(pipe, line => said.push(line))()
    writePidFile('/dev/full', line => said.push(line))()
    expect(said).toEqual([expect.stringContaining('ENXIO'), expect.stringContaining('ENOSPC')])
    expect(existsSync(pipe)).toBe(true)
  })
})
