import {mkdtemp, readdir, readFile, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {beforeEach, describe, expect, test} from 'vitest'
import {runDocumentSchema} from '../../../../src/cli/documents/json/run-json.js'
import {type Address, formatAddress} from '../../../../src/protocol/address.js'
import {converse} from '../../../helpers/converse.js'
import {startFakeMemcached} from '../../../helpers/fake-memcached.js'
import {startMemcached} from '../../../helpers/memcached.js'
import {runRepbench} from '../../../helpers/run-repbench.js'

let state: string

beforeEach(async () => {
  state = await mkdtemp(join(tmpdir(), 'repbench-memslap-'))
  return () => rm(state, {recursive: true})
})

const memslap = (...args: string[]) =>
  runRepbench(['memslap', ...args], {env: {XDG_STATE_HOME: state, MEMCACHED_SERVERS: ''}})

/** With other seconds, in their columns. */
const timeless = (output: Buffer) => output.toString().replaceAll(/\d\.\d{3} seconds/g, '0.000 seconds')

async function stat(address: Address, name: string): Promise<number> {
  return Number(new RegExp(`STAT ${name} (\\d+)`).exec(await converse(address, 'stats\r\n'))?.[1])
}

/** The lines are those of memcslap 1.1 (libmemcached 1.1.4) for the same options. */
describe('prints memcslap’s lines', () => {
  test('of set: each client every key', async () => {
    const {address} = await startMemcached()
    const {code, stdout} = await memslap('-s', formatAddress(address), '-c3', '-e', '200')
    expect(code).toBe(0)
    expect(timeless(stdout)).toBe(`\
Time to generate        200 test keys:                0.000 seconds.
Time to start             3 threads:                  0.000 seconds.
--------------------------------------------------------------------
Time to set             600 keys by    3 threads:     0.000 seconds.
--------------------------------------------------------------------
Time total:                                           0.000 seconds.
`)
    expect(await stat(address, 'cmd_set')).toBe(600)
    expect(await stat(address, 'curr_items')).toBe(200)
  })

  test('of get, after a flush: the keys are stored at first', async () => {
    const {address} = await startMemcached()
    const {code, stdout} = await memslap('-s', formatAddress(address), '--test=get', '-c', '3', '-e', '200', '-F', '-v')
    expect(code).toBe(0)
    expect(timeless(stdout)).toBe(`\
- Generating 200 test keys ...
- Flushing 1 servers ...
- Starting test: 200 x get x 3 ...
Time to flush             1 servers:                  0.000 seconds.
Time to generate        200 test keys:                0.000 seconds.
Time to set             200 keys:                     0.000 seconds.
Time to start             3 threads:                  0.000 seconds.
--------------------------------------------------------------------
Time to get             600 keys by    3 threads:     0.000 seconds.
--------------------------------------------------------------------
Time total:                                           0.000 seconds.
`)
    expect(await stat(address, 'cmd_flush')).toBe(1)
    expect(await stat(address, 'get_hits')).toBe(600)
    expect(await stat(address, 'get_misses')).toBe(0)
  })

  test('of mget: many keys in one command', async () => {
    const {address} = await startMemcached()
    const {code, stdout} = await memslap('-s', formatAddress(address), '--test=mget', '-c', '2', '-e', '2000')
    expect(code).toBe(0)
    expect(timeless(stdout)).toContain('Time to mget           4000 keys by    2 threads:     0.000 seconds.\n')
    expect(await stat(address, 'get_hits')).toBe(4000)
  })

  test('of set with noreply', async () => {
    const {address} = await startMemcached()
    const {code, stdout} = await memslap('-s', formatAddress(address), '-c', '2', '-e', '100', '-R')
    expect(code).toBe(0)
    expect(timeless(stdout)).toContain('Time to set             200 keys by    2 threads:     0.000 seconds.\n')
    expect(await stat(address, 'cmd_set')).toBe(200)
  })
})

test('several servers, from the environment too, share the keys', async () => {
  const [one, other] = [await startMemcached(), await startMemcached()]
  const list = `${formatAddress(one.address)},${formatAddress(other.address)}`
  const {code, stdout} = await runRepbench(['memslap', '-t', 'get', '-e', '101', '-c', '2'], {
    env: {XDG_STATE_HOME: state, MEMCACHED_SERVERS: list},
  })
  expect(code).toBe(0)
  expect(timeless(stdout)).toContain('Time to get             202 keys by    2 threads:     0.000 seconds.\n')
  expect(await stat(one.address, 'curr_items')).toBe(51)
  expect(await stat(other.address, 'curr_items')).toBe(50)
})

test('a run is kept in the history', async () => {
  const {address} = await startMemcached()
  const {stderr} = await memslap('-s', formatAddress(address), '-e', '10')
  expect(stderr).toMatch(/^saved to .*-memslap-set\.json/)
  const directory = join(state, 'repbench', 'runs')
  const [name = ''] = await readdir(directory)
  const document = runDocumentSchema.parse(JSON.parse(await readFile(join(directory, name), 'utf8')))
  expect(document).toMatchObject({command: 'memslap', operations: {intended: 10, ok: 10}})
})

test('--quiet says nothing', async () => {
  const {address} = await startMemcached()
  const {code, stdout, stderr} = await memslap('-s', formatAddress(address), '-e', '10', '-qv')
  expect({code, stdout: stdout.toString(), stderr}).toEqual({code: 0, stdout: '', stderr: ''})
})

test('calls that fail are said and fail the run', async () => {
  const {address} = await startFakeMemcached(({index}) => (index < 5 ? 'STORED\r\n' : 'SERVER_ERROR full\r\n'))
  const {code, stdout, stderr} = await memslap('-s', formatAddress(address), '-e', '10')
  expect(code).toBe(1)
  expect(timeless(stdout)).toContain('Time to set               5 keys by    1 threads: ')
  expect(stderr).toContain(`memslap: ${formatAddress(address)}: 5 calls got an error (SERVER_ERROR full)\n`)
})

test.each([
  [[], 'Expected --servers HOST:PORT,… or MEMCACHED_SERVERS in the environment, got none'],
  [['-s', 'h:1', '-b'], 'Expected the text protocol, got --binary'],
  [['-s', 'h:1', '-U'], 'Expected TCP, got --udp'],
  [['-s', 'h:1', '-u', 'me'], 'Expected no SASL user or password'],
  [['-s', 'h:1', '-t', 'put'], "argument 'put' is invalid. Allowed choices are set, get, mget"],
  [['-s', 'h:1', '-e', '0'], "Expected a number of keys from 1 to 100000000, got '0'"],
  [['-s', 'h:0'], "Expected HOST:PORT with a port from 1 to 65535, got 'h:0'"],
  [['-s', 'h:1,h:1'], 'Expected each server once, got h:1 twice'],
  [['-s', 'h:1,h:2', '-e', '1'], 'Expected at least a key for each server, got 1 for 2'],
])('refuses %j in one line', async (args, message) => {
  const {code, stdout, stderr} = await memslap(...args)
  expect(code).toBe(2)
  expect(stdout.toString()).toBe('')
  expect(stderr).toMatch(/^repbench: .*\n$/)
  expect(stderr).toContain(message)
})
