import {once} from 'node:events'
import {text} from 'node:stream/consumers'
import {describe, expect, test} from 'vitest'
import {type Address, formatAddress} from '../../../../src/protocol/address.js'
import {ask} from '../../../helpers/ask.js'
import {startEmbedded} from '../../../helpers/embedded.js'
import {fill, listExptimes} from '../../../helpers/filled-server.js'
import {startLinkedPair} from '../../../helpers/linked-pair.js'
import {runRepbench, startRepbench} from '../../../helpers/run-repbench.js'
import {waitFor} from '../../../helpers/wait-for.js'

const unlimited = ['--rate', 'unlimited', '--bytes-per-second', 'unlimited']

async function syncOf(from: Address, to: Address, options: readonly string[], input?: string) {
  const args = ['sync', formatAddress(from), formatAddress(to), ...unlimited, ...options]
  const {code, stdout, stderr} = await runRepbench(args, input === undefined ? {} : {input})
  return {code, text: stdout.toString(), stderr}
}

/** 500 items on the one; on the other 400 of them, one of these with another value, one with other flags, and one more. */
async function partedNodes() {
  const [{address: from}, {address: to}] = await Promise.all([startEmbedded(), startEmbedded()])
  await fill(from, 500)
  await fill(to, 400)
  await ask(to, 'set key:2 2 0 5\r\nother')
  const [, value] = (await ask(from, 'get key:4')).split('\r\n')
  await ask(to, `set key:4 7 0 ${value!.length}\r\n${value}`)
  await ask(to, 'set only:to 0 0 2\r\nto')
  return {from, to}
}

async function all(address: Address): Promise<Map<string, string>> {
  const keys = [...(await listExptimes(address)).keys()]
  return new Map(await Promise.all(keys.map(async key => [key, await ask(address, `get ${key}`)] as const)))
}

describe('repbench sync', () => {
  test('shows a plan, and writes nothing where nobody can agree', async () => {
    const {from, to} = await partedNodes()
    const before = await all(to)
    const {text, stderr, code} = await syncOf(from, to, ['--overwrite', '--delete'])
    expect(text).toMatch(/^same +398\nto add +100 \(.*\)\nto replace +2 \(.*\)\nto delete +1 \(9 B\)\nverdict +fail$/m)
    expect(stderr).toBe('repbench: nothing was written: --yes carries it out where there is no terminal to ask at\n')
    expect(code).toBe(1)
    expect((await syncOf(from, to, ['--dry-run'])).code).toBe(1)
    expect(await all(to)).toEqual(before)
  })

  test('adds what is missing, and leaves the rest', async () => {
    const {from, to} = await partedNodes()
    const {text, code} = await syncOf(from, to, ['--yes'])
    expect(text).toMatch(
      /^added +100 \(.*\)\nreplaced +0\ndeleted +0\nother value +1, left as it is\nother flags +1, /m,
    )
    expect(text).toContain('differ now     2 of 500 compared again, 2 of them left as asked\nverdict        pass\n')
    expect(code).toBe(0)
    expect(await ask(to, 'get key:2')).toContain('other')
    expect(await ask(to, 'get only:to')).toContain('to')
    expect((await listExptimes(to)).get('key:499')).toBe((await listExptimes(from)).get('key:499'))
    expect((await syncOf(from, to, ['--dry-run'])).code).toBe(0)
  })

  test('makes the one like the other', async () => {
    const {from, to} = await partedNodes()
    const {text, code} = await syncOf(from, to, ['--overwrite', '--delete', '--yes'])
    expect(text).toContain('differ now     0 of 500 compared again\nverdict        pass\n')
    expect(code).toBe(0)
    expect(await all(to)).toEqual(await all(from))
  })

  test('gives each what the other has, by the rule that is asked for', async () => {
    const {from, to} = await partedNodes()
    const {code} = await syncOf(from, to, ['--both', '--prefer', 'to', '--yes'])
    expect(code).toBe(0)
    expect(await all(from)).toEqual(await all(to))
    expect((await all(from)).size).toBe(501)
    expect(await ask(from, 'get key:2')).toContain('other')
  })

  test('takes keys from findings', async () => {
    const {from, to} = await partedNodes()
    const findings = ['key:2', 'key:450', 'key:450'].map(key => `${JSON.stringify({key, kind: 'lost'})}\n`).join('')
    const {text, code} = await syncOf(from, to, ['--only', '-', '--overwrite', '--yes', '--json'], findings)
    expect(JSON.parse(text)).toMatchObject({
      schema: 'repbench.sync/1',
      outcome: {counts: {compared: 2, done: {add: {items: 1}, replace: {items: 1}, delete: {items: 0}}}, linked: false},
      after: {counts: {same: 2}},
      verdict: 'pass',
    })
    expect(code).toBe(0)
    expect(await ask(to, 'get key:451')).toBe('END\r\n')
    expect((await syncOf(from, to, ['--only', '-', '--yes'], 'key:2\n')).stderr).toBe(
      "repbench: Expected findings, one JSON line each with a key, got 'key:2' (-, line 1)\n",
    )
  })

  test('says after Ctrl-C how far it came, and is finished by a second run', async () => {
    const {from, to} = await partedNodes()
    const child = startRepbench(['sync', formatAddress(from), formatAddress(to), '--yes', '--rate', '300'])
    const said = text(child.stderr!)
    await waitFor(async () => expect((await listExptimes(to)).size).toBeGreaterThan(401))
    child.kill('SIGINT')
    await once(child, 'close')
    expect(await said).toMatch(
      /^repbench: interrupted after \d+ writes; run it again for the rest: what is done stays\n$/,
    )
    expect(child.exitCode).toBe(130)
    expect((await syncOf(from, to, ['--overwrite', '--delete', '--yes'])).code).toBe(0)
    expect(await all(to)).toEqual(await all(from))
  })

  test.each([
    [['--prefer', 'to'], 'Expected --prefer with --both, got --prefer to alone'],
    [['--both', '--delete'], 'Expected --both without --delete (--prefer says which item wins), got both'],
    [['--dry-run', '--yes'], 'Expected --dry-run or --yes, got both'],
    [['--keys', 'a', '--only', 'b'], 'Expected --keys or --only, got both'],
  ])('refuses %j', async (options, message) => {
    const {address} = await startEmbedded()
    const {stderr, code} = await syncOf(address, {host: '127.0.0.1', port: 1}, options)
    expect(stderr).toBe(`repbench: ${message}\n`)
    expect(code).toBe(2)
  })

  test('replaces nothing on a server whose items have no cas unique, whichever side it is', async () => {
    const [bare, other] = [await startEmbedded({useCas: false}), await startEmbedded()]
    const got = `got ${formatAddress(bare.address)} without\n`
    const message = `repbench: Expected a server with cas uniques, which guard what is replaced, ${got}`
    expect(await syncOf(other.address, bare.address, ['--overwrite', '--yes'])).toMatchObject({
      stderr: message,
      code: 2,
    })
    const preferTo = ['--both', '--prefer', 'to', '--yes']
    expect(await syncOf(bare.address, other.address, preferTo)).toMatchObject({stderr: message, code: 2})
    expect((await syncOf(bare.address, other.address, ['--overwrite', '--yes'])).code).toBe(0)
  })

  test('cannot tell where a server does not answer', async () => {
    const {address} = await startEmbedded()
    const {text, code} = await syncOf(address, {host: '127.0.0.1', port: 1}, ['--yes'])
    expect(text).toContain('nothing listens there\nverdict        unknown\n')
    expect(code).toBe(3)
  })

  test('finds out that a link carries, and leaves no key of its own', async () => {
    const {master, slave} = await startLinkedPair()
    await fill(master, 50)
    await waitFor(async () => expect((await listExptimes(slave)).size).toBe(50))
    const {text, code} = await syncOf(master, slave, ['--overwrite', '--delete', '--yes', '--json'])
    expect(JSON.parse(text)).toMatchObject({outcome: {linked: true, counts: {same: 50}}, verdict: 'pass'})
    expect(code).toBe(0)
    expect([...(await listExptimes(master)).keys()].filter(key => key.startsWith('repbench:'))).toEqual([])
  })
})
