import {execFileSync, spawn} from 'node:child_process'
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterEach, beforeEach, describe, expect, test} from 'vitest'
import {readInputFile} from '../../../src/cli/files/input-file.js'
import {binPath, runRepbench} from '../../helpers/run-repbench.js'

let directory = ''

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'repbench-input-'))
})

afterEach(() => rmSync(directory, {recursive: true, force: true}))

const read = (path: string, maxBytes = 100) => readInputFile(path, {maxBytes})

describe('a file that the user names', () => {
  test('is read up to a size', async () => {
    const path = join(directory, 'file')
    writeFileSync(path, 'x'.repeat(100))
    expect(String(await read(path))).toBe('x'.repeat(100))
    await expect(read(path, 99)).rejects.toThrow(`${path} of 100 bytes (limit 99)`)
    expect(await read('/dev/null')).toHaveLength(0)
    await expect(read('/dev/zero')).rejects.toThrow('/dev/zero, which is a device')
    await expect(read(directory)).rejects.toThrow('which is a directory')
    await expect(read('/nowhere')).rejects.toThrow('ENOENT')
    expect((await read('/proc/self/status', 100_000)).length).toBeGreaterThan(100)
    await expect(read('/proc/self/status')).rejects.toThrow('(limit 100)')
  })

  test('may be a pipe, which is read up to a size too', async () => {
    const path = join(directory, 'pipe')
    execFileSync('mkfifo', [path])
    for (const [bytes, result] of [
      [100, 'read'],
      [200_000, `${path} of more than 100 bytes`],
    ] as const) {
      const writer = spawn('sh', ['-c', `head -c ${bytes} /dev/zero > "$1"`, 'sh', path], {stdio: 'ignore'})
      const said = await read(path).then(
        text => (text.length === bytes ? 'read' : `${text.length} bytes`),
        (error: Error) => error.message,
      )
      expect(said).toBe(result)
      writer.kill()
    }
  })
})

describe('a profile', () => {
  const profile = async (path: string) => {
    const {code, stderr} = await runRepbench(['load', '--profile', path, '--topology', 'single'])
    return {code, stderr}
  }

  test('from the shell’s <(…) is read', async () => {
    const {status, stdout} = await new Promise<{status: number | null; stdout: string}>(resolve => {
      const script = `"$1" "$2" profiles <(echo 'rate: 7') --json`
      const shell = spawn('bash', ['-c', script, 'bash', process.execPath, binPath], {
        stdio: ['ignore', 'pipe', 'ignore'],
      })
      let stdout = ''
      shell.stdout.on('data', (chunk: Buffer) => {
        stdout += String(chunk)
      })
      shell.on('close', status => resolve({status, stdout}))
    })
    expect(status).toBe(0)
    expect(JSON.parse(stdout).profiles[0].plan.ratePerSecond).toBe(7)
  })

  test('that is made to hurt is one line, and no internal error', async () => {
    const path = join(directory, 'bomb.yaml')
    writeFileSync(
      path,
      `rate: &a [1,1,1,1,1,1,1,1,1]\nkeys: &b [${Array(9).fill('*a')}]\nsizes: [${Array(9).fill('*b')}]\n`,
    )
    expect(await profile(path)).toEqual({
      code: 2,
      stderr: expect.stringMatching(/^repbench: .*bomb\.yaml:1:1: Expected .*\n$/),
    })
    expect(await profile('/dev/zero')).toEqual({
      code: 2,
      stderr: 'repbench: Expected a readable profile file, got /dev/zero, which is a device\n',
    })
  })
})
