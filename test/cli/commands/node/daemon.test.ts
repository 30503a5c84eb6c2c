import {existsSync, mkdtempSync, readFileSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {describe, expect, it, onTestFinished} from 'vitest'
import {converse} from '../../../helpers/converse.js'
import {freePort} from '../../../helpers/ports.js'
import {isAlive} from '../../../helpers/processes.js'
import {runRepbench} from '../../../helpers/run-repbench.js'
import {waitFor} from '../../../helpers/wait-for.js'

const host = '127.0.0.1'

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'repbench-daemon-'))
  onTestFinished(() => rmSync(folder, {recursive: true}))
  return folder
}

describe('repbench node -d', () => {
  it('returns when the daemon serves, which outlives a hang-up and ends on SIGTERM', async () => {
    const pidFile = join(temporaryFolder(), 'pid')
    const port = await freePort()
    const flags = ['-dP', pidFile, '-l', host, '-p', String(port), '--no-replication']
    expect(await runRepbench(['node', ...flags])).toMatchObject({code: 0, stderr: ''})
    const pid = Number(readFileSync(pidFile, 'utf8'))
    onTestFinished(() => {
      if (isAlive(pid)) process.kill(pid, 'SIGKILL')
    })
    expect(await converse({host, port}, 'stats\r\n')).toContain(`STAT pid ${pid}\r\n`)
    process.kill(pid, 'SIGHUP')
    expect(await converse({host, port}, 'version\r\n')).toBe('VERSION 1.4.13\r\n')
    process.kill(pid, 'SIGTERM')
    await waitFor(() => expect(isAlive(pid)).toBe(false))
    expect(existsSync(pidFile)).toBe(false)
  })

  it('says why the daemon could not start, and ends with 1', async () => {
    const port = await freePort()
    const flags = ['-l', host, '-p', String(port), '--no-replication']
    const first = await runRepbench(['node', '-d', '-P', join(temporaryFolder(), 'pid'), ...flags, '-l', '192.0.2.1'])
    expect(first).toMatchObject({
      code: 1,
      stderr: "repbench: Expected an address of this host for -l, got '192.0.2.1'\n",
    })
  })
})
