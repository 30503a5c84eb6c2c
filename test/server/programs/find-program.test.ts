import {existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterEach, beforeEach, describe, expect, it} from 'vitest'
import {findProgram} from '../../../src/server/programs/find-program.js'
import {readIdentity} from '../../../src/server/programs/identify-program.js'
import {waitFor} from '../../helpers/wait-for.js'

let directory = ''

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'repbench-find-'))
})

afterEach(() => rmSync(directory, {recursive: true, force: true}))

/** A program that prints these lines, and notes that it was run. */
function script(name: string, lines: readonly string[], mode = 0o755): string {
  const file = join(directory, name)
  const print = lines.map(line => `echo '${line}'`).join('\n')
  writeFileSync(file, `#!/bin/sh\necho run >> '${directory}/runs'\n${print}\n`, {mode})
  return file
}

const real = ['memcached 1.4.13', 'repcached 2.3.1', '-p <num>      TCP port number to listen on']
const native = ['memcached 1.6.31', '-p, --port=<num>          TCP port to listen on']

describe('readIdentity', () => {
  it.each([
    [real.join('\n'), {name: 'repcached', version: '2.3.1', memcachedVersion: '1.4.13'}],
    ['memcached 1.2.8\nrepcached 2.2.1\n-p <num>', {name: 'repcached', version: '2.2.1', memcachedVersion: '1.2.8'}],
    ['memcached 1.6.18\n', {name: 'memcached', version: '1.6.18', memcachedVersion: '1.6.18'}],
    ['memcached 1.6.9+dfsg~rc1', {name: 'memcached', version: '1.6.9+dfsg~rc1', memcachedVersion: '1.6.9+dfsg~rc1'}],
    ['redis-server 7.0', null],
    ['usage: memcached is not here', null],
    ['', null],
  ])('reads %j', (answer, identity) => expect(readIdentity(answer)).toEqual(identity))
})

it('prefers the option to the variable, and that to PATH', async () => {
  const [option, variable] = [script('one', native), script('two', native)]
  script('memcached', native)
  const env = {MEMCACHED_BIN: variable, PATH: directory}
  expect(await findProgram('memcached', {env, file: option})).toMatchObject({file: option, foundBy: '--memcached-bin'})
  expect(await findProgram('memcached', {env})).toMatchObject({file: variable, foundBy: 'MEMCACHED_BIN'})
  expect(await findProgram('memcached', {env: {PATH: directory}})).toMatchObject({
    file: join(directory, 'memcached'),
    foundBy: 'PATH',
    identity: {name: 'memcached', version: '1.6.31'},
  })
})

it('takes a memcached in PATH for repcached only when it is one', async () => {
  script('memcached', native)
  await expect(findProgram('repcached', {env: {PATH: directory}})).rejects.toThrow('got none; build it')
  script('memcached', [...real, 'built anew'])
  expect(await findProgram('repcached', {env: {PATH: directory}})).toMatchObject({identity: {version: '2.3.1'}})
  await expect(findProgram('memcached', {env: {PATH: directory}})).rejects.toThrow('apt install memcached')
})

it('asks a file once, until it changes', async () => {
  const {readFileSync} = await import('node:fs')
  const runs = () => readFileSync(join(directory, 'runs'), 'utf8').trim().split('\n').length
  const file = script('memcached', native)
  for (let i = 0; i < 3; i++) await findProgram('memcached', {env: {}, file})
  expect(runs()).toBe(1)
  script('memcached', [...native, 'and another line'])
  await findProgram('memcached', {env: {}, file})
  expect(runs()).toBe(2)
})

describe('says in one line what is wrong with', () => {
  const refusal = async (name: 'memcached' | 'repcached', env: NodeJS.ProcessEnv) => {
    const error = await findProgram(name, {env}).then(
      () => null,
      (reason: unknown) => reason as Error & {code: string},
    )
    expect(error?.code).toBe('ERR_PROGRAM_MISSING')
    return error?.message
  }

  it('a file that does not exist', async () => {
    expect(await refusal('repcached', {REPCACHED_BIN: '/nowhere'})).toMatch(
      /^Expected REPCACHED_BIN to name repcached, got '\/nowhere', which does not exist; build it/,
    )
  })

  it('a file that is not executable, and a directory', async () => {
    const file = script('memcached', native, 0o644)
    expect(await refusal('memcached', {MEMCACHED_BIN: file})).toContain('which is not executable; install it')
    expect(await refusal('memcached', {MEMCACHED_BIN: directory})).toContain('which is no file')
  })

  it('another program', async () => {
    expect(await refusal('memcached', {MEMCACHED_BIN: script('other', ['hello'])})).toContain(
      'which is neither memcached nor repcached (asked with -h and -V)',
    )
  })

  it('a file that the system cannot run', async () => {
    const file = join(directory, 'text')
    writeFileSync(file, 'not a program', {mode: 0o755})
    expect(await refusal('memcached', {MEMCACHED_BIN: file})).toContain('which is neither memcached nor repcached')
  })

  it('the one program where the other is wanted', async () => {
    expect(await refusal('repcached', {REPCACHED_BIN: script('m', native)})).toContain(
      'a memcached 1.6.31 without replication',
    )
    expect(await refusal('memcached', {MEMCACHED_BIN: script('r', real)})).toContain('a repcached 2.3.1, which is no')
  })
})

it('does not wait for a program that does not answer, once the signal comes', async () => {
  const file = join(directory, 'hangs')
  writeFileSync(file, `#!/bin/sh\necho run >> '${directory}/runs'\nexec sleep 60\n`, {mode: 0o755})
  const stop = new AbortController()
  const found = findProgram('memcached', {env: {}, file, signal: stop.signal})
  const refused = expect(found).rejects.toBe('SIGINT')
  await waitFor(() => expect(existsSync(join(directory, 'runs'))).toBe(true))
  stop.abort('SIGINT')
  await refused
  // It was run once, with -h: nothing is asked after the signal.
  expect(readFileSync(join(directory, 'runs'), 'utf8')).toBe('run\n')
})
