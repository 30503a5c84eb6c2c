import {once} from 'node:events'
import {mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {createInterface} from 'node:readline'
import {afterAll, beforeAll, describe, expect, it, onTestFinished} from 'vitest'
import {freePort} from '../../../helpers/ports.js'
import {childrenOf, isAlive} from '../../../helpers/processes.js'
import {runRepbench, startRepbench} from '../../../helpers/run-repbench.js'
import {waitFor} from '../../../helpers/wait-for.js'

let directory = ''

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'repbench-doctor-'))
})

afterAll(() => rmSync(directory, {recursive: true, force: true}))

const places = () => ({XDG_STATE_HOME: join(directory, 'state'), XDG_RUNTIME_DIR: join(directory, 'run')})

interface Found {
  name: string
  status: string
  found: string
  advice: string | null
  facts: Record<string, unknown>
}

async function doctor(args: readonly string[] = [], env: NodeJS.ProcessEnv = {}) {
  const {code, stdout} = await runRepbench(['doctor', '--json', ...args], {env: {...places(), ...env}})
  const document = JSON.parse(stdout.toString()) as {schema: string; complete: boolean; checks: Found[]}
  return {code, document, check: (name: string) => document.checks.find(check => check.name === name)!}
}

describe('repbench doctor', () => {
  it('tells what this machine has', async () => {
    const {code, document, check} = await doctor()
    expect(document).toMatchObject({schema: 'repbench.doctor/1', complete: true})
    expect(check('Node.js')).toMatchObject({status: 'ok', facts: {version: process.version}})
    expect(check('memcached')).toMatchObject({status: 'ok', facts: {version: expect.stringMatching(/^1\./)}})
    expect(check('leftovers')).toMatchObject({status: 'ok', found: 'none'})
    expect(check('state').facts).toEqual({path: join(directory, 'state', 'repbench')})
    expect(code).toBe(0)
  })

  it('says how to get what is not there, and does without it', async () => {
    const {code, check} = await doctor([], {MEMCACHED_BIN: '/nowhere', REPCACHED_BIN: '', PATH: '/nowhere'})
    expect(check('memcached')).toMatchObject({status: 'note', advice: expect.stringContaining('apt install memcached')})
    expect(check('repcached')).toMatchObject({status: 'note', advice: expect.stringContaining('REPCACHED_BIN')})
    expect(code).toBe(0)
  })

  it.each([
    ['a file in its place', '/dev/null', 'ENOTDIR'],
    ['a device full of nothing', '/proc', 'ENOENT'],
  ])('finds a state directory that cannot be written: %s', async (_, place, reason) => {
    const {code, document, check} = await doctor([], {XDG_STATE_HOME: place})
    expect(check('state')).toMatchObject({
      status: 'missing',
      found: expect.stringMatching(new RegExp(`^${place}/repbench cannot be written: ${reason}`)),
      advice: expect.stringContaining('XDG_STATE_HOME'),
    })
    expect({code, complete: document.complete}).toEqual({code: 2, complete: false})
  })

  it('finds a directory of runs that is somebody else’s link, and leaves no file of its own', async () => {
    const state = join(directory, 'linked')
    mkdirSync(join(state, 'repbench'), {recursive: true})
    symlinkSync(directory, join(state, 'repbench', 'runs'))
    const {code, check} = await doctor([], {XDG_STATE_HOME: state})
    expect(check('state')).toMatchObject({status: 'missing', found: expect.stringContaining('a symbolic link')})
    expect(readdirSync(join(state, 'repbench'))).toEqual(['runs'])
    expect(code).toBe(2)
  })

  it('prints a line for each look, and what to do', async () => {
    const env = {...places(), REPCACHED_BIN: '/nowhere'}
    const {code, stdout} = await runRepbench(['doctor'], {env})
    const lines = stdout.toString().trimEnd().split('\n')
    expect(lines[0]).toMatch(/^✓ Node\.js {6}v\d/)
    const repcached = lines.findIndex(line => line.startsWith('! repcached    none'))
    expect(lines[repcached + 1]).toMatch(/^ {15}→ Expected REPCACHED_BIN to name repcached, got '\/nowhere'/)
    expect(lines.at(-1)).toBe('Everything that repbench needs is there.')
    expect(code).toBe(0)
  })

  it('finds the nodes of a repbench that was killed together with its watchdog, and kills them', async () => {
    const port = await freePort()
    const up = startRepbench(['up', 'memcached', '--json', '--port', String(port)], places())
    onTestFinished(() => void up.kill('SIGKILL'))
    const [line] = await once(createInterface({input: up.stdout!}), 'line')
    const {nodes} = JSON.parse(line) as {nodes: [{pid: number; commandLine: string}]}
    const [{pid, commandLine}] = nodes
    onTestFinished(() => {
      if (isAlive(pid)) process.kill(pid, 'SIGKILL')
    })
    expect((await doctor()).check('leftovers')).toMatchObject({found: `none; repbench (pid ${up.pid}) runs n1`})
    // Running: --clean has nothing to do with it.
    await doctor(['--clean'])
    expect(isAlive(pid)).toBe(true)

    const watchdog = childrenOf(up.pid!).find(child => child.commandLine.includes('watchdog'))!
    // Stopped first, so that it can neither act nor be replaced in between.
    process.kill(watchdog.pid, 'SIGSTOP')
    up.kill('SIGKILL')
    await once(up, 'exit')
    process.kill(watchdog.pid, 'SIGKILL')
    await waitFor(() => expect(isAlive(watchdog.pid)).toBe(false))
    expect(isAlive(pid)).toBe(true)

    const {check, code} = await doctor()
    expect(check('leftovers')).toMatchObject({
      status: 'note',
      found: `1 of a crashed repbench: n1 (pid ${pid}): ${commandLine}`,
      advice: expect.stringContaining('repbench doctor --clean'),
    })
    expect(code).toBe(0)
    expect((await doctor(['--clean'])).check('leftovers').found).toContain('killed 1 of 1')
    expect(isAlive(pid)).toBe(false)
    expect((await doctor()).check('leftovers').found).toBe('none')
  })
})
