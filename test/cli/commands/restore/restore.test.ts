import {once} from 'node:events'
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {text} from 'node:stream/consumers'
import {afterEach, beforeEach, describe, expect, onTestFinished, test} from 'vitest'
import {DumpFileSink} from '../../../../src/engine/transfer/dump/dump-file-sink.js'
import type {StoredItem} from '../../../../src/engine/transfer/items/stored-item.js'
import {allSeen, type NotSeen} from '../../../../src/engine/transfer/pump.js'
import {formatAddress} from '../../../../src/protocol/address.js'
import {dumpOf, header, item, MemoryOutput} from '../../../engine/transfer/dump/dumps.js'
import {ask} from '../../../helpers/ask.js'
import {startEmbedded} from '../../../helpers/embedded.js'
import {listExptimes} from '../../../helpers/filled-server.js'
import {runRepbench, startRepbench} from '../../../helpers/run-repbench.js'
import {waitFor} from '../../../helpers/wait-for.js'
import {BreakingProxy} from '../../../instruments/breaking-proxy.js'

let folder = ''
let file = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'repbench-restore-'))
  file = join(folder, 'items.dump')
})
afterEach(() => rmSync(folder, {recursive: true, force: true}))

const nowSeconds = (): number => Math.floor(Date.now() / 1000)

interface DumpParts {
  readonly items: readonly StoredItem[]
  readonly clockAheadSeconds?: number
  readonly ageSeconds?: number
  readonly notSeen?: NotSeen
}

/** A dump of a server whose clock may be off, made some time ago. */
async function writeDump({items, clockAheadSeconds = 0, ageSeconds = 0, notSeen = allSeen}: DumpParts): Promise<void> {
  const output = new MemoryOutput()
  const startedAt = new Date(Date.now() - ageSeconds * 1000).toISOString()
  const sink = await DumpFileSink.begin({
    output,
    header: {...header, startedAt, clockAheadSeconds},
    compression: 'zstd',
  })
  await sink.write(items)
  await sink.complete(notSeen)
  writeFileSync(file, output.bytes)
}

/** An embedded node, and repbench restore to it. */
async function target(settings: Parameters<typeof startEmbedded>[0] = {}) {
  const {address} = await startEmbedded(settings)
  const restore = async (...options: string[]) => {
    const {code, stdout, stderr} = await runRepbench(['restore', file, formatAddress(address), ...options])
    return {code, text: stdout.toString(), stderr}
  }
  return {address, restore}
}

describe('repbench restore', () => {
  test('leaves what the server has, unless it is told otherwise', async () => {
    const {address, restore} = await target()
    await ask(address, 'set a 0 0 5\r\nnewer')
    await writeDump({items: [item('a', 'older'), item('b', 'x')]})
    const first = await restore()
    expect(first.text).toContain('written        1 (2 B) in ')
    expect(first.text).toContain('left as is     1, as the server has an item (--overwrite writes over it)\n')
    expect(first.code).toBe(0)
    expect(await ask(address, 'get a')).toContain('newer')
    expect((await restore('--overwrite')).text).toContain('written        2 (')
    expect(await ask(address, 'get a')).toContain('older')
  })

  test('keeps the time at which items expire, by the clock of the server that had them', async () => {
    const {address, restore} = await target()
    const soon = nowSeconds() + 1000
    const items = [
      item('soon', 'x', {expiresAt: soon + 50}),
      item('never', 'x'),
      item('past', 'x', {expiresAt: nowSeconds() + 40}),
    ]
    await writeDump({items, clockAheadSeconds: 50, ageSeconds: 3600})
    const {text, code} = await restore()
    expect(text).toContain('expired        1, before they were written\n')
    expect(code).toBe(0)
    expect(await listExptimes(address)).toEqual(
      new Map([
        ['soon', soon],
        ['never', -1],
      ]),
    )
  })

  test('can count the rest of their life from now on', async () => {
    const {address, restore} = await target()
    const expiresAt = nowSeconds() - 3000
    await writeDump({items: [item('old', 'x', {expiresAt})], ageSeconds: 3600})
    expect((await restore('--keep-ttl')).text).toContain('written        1 ')
    const restored = (await listExptimes(address)).get('old')!
    expect(restored).toBeGreaterThanOrEqual(expiresAt + 3600)
    expect(restored).toBeLessThan(expiresAt + 3660)
  })

  test('asks how long items live whose exptime nobody knows', async () => {
    const {address, restore} = await target()
    const items = [item('a', 'x', {expiresAt: null})]
    await writeDump({items, notSeen: {...allSeen, exptimeUnknown: 1}})
    const {stderr, code} = await restore()
    expect(stderr).toBe(
      'repbench: Expected items with exptimes, got some whose server does not tell them; --exptime-unknown never or a duration such as 1h says how long they live\n',
    )
    expect(code).toBe(2)
    expect(await listExptimes(address)).toEqual(new Map())
    expect((await restore('--exptime-unknown', '1h')).code).toBe(0)
    expect((await listExptimes(address)).get('a')).toBeGreaterThan(nowSeconds() + 3500)
    expect((await restore('--exptime-unknown', 'never', '--overwrite')).code).toBe(0)
    expect((await listExptimes(address)).get('a')).toBe(-1)
  })

  test('names items that the server refuses', async () => {
    const {restore} = await target()
    await writeDump({items: [item('small', 'x'), item('lar\nge', Buffer.alloc(1_100_000))]})
    const {text, code} = await restore()
    expect(text).toContain('written        1 ')
    expect(text).toContain(
      'too large      1, larger than the server takes\n  lar\\x0age  too large: 1.10 MB\nverdict        fail\n',
    )
    expect(code).toBe(1)
  })

  test('stops where the server drops items to make room, unless it is told to go on', async () => {
    const {restore} = await target({memoryLimitBytes: 2 * 1024 * 1024})
    const items = Array.from({length: 400}, (_, number) => item(`key:${number}`, Buffer.alloc(20_000, 'v')))
    await writeDump({items})
    const {text, code} = await restore('--bytes-per-second', '4m')
    expect(text).toMatch(/Expected room for all items on .*, got \d+ evicted: .*\nverdict {8}fail\n/)
    expect(code).toBe(1)
    const again = await restore('--despite-evictions', '--overwrite', '--rate', 'unlimited')
    expect(again.text).toContain('written        400 ')
    expect(again.text).toMatch(/evicted {8}\d+, by the server, to make room\nverdict {8}fail\n/)
    expect(again.code).toBe(1)
  })

  test('says what the dump lacks', async () => {
    const {restore} = await target()
    await writeDump({items: [item('a')], notSeen: {...allSeen, hidden: 3, unreadable: 1}})
    const {text, code} = await restore()
    expect(text).toContain('not in the dump 4 items, which the server did not list or name\nverdict        pass\n')
    expect(code).toBe(0)
  })

  test('restores a damaged file up to the damage', async () => {
    const {address, restore} = await target()
    const items = Array.from({length: 5}, (_, number) => item(`key:${number}`, Buffer.alloc(400_000, 'v')))
    const dump = await dumpOf([items], {compression: 'none'})
    // Two items fit into a block.
    dump[1_000_000]! ^= 1
    writeFileSync(file, dump)
    const {text, code} = await restore()
    expect(text).toMatch(
      /written {8}2 .*\ndamage {9}expected a block with checksum [0-9a-f]{8} at byte 8\d{5}, got one of/,
    )
    expect(code).toBe(3)
    expect([...(await listExptimes(address)).keys()].toSorted()).toEqual(['key:0', 'key:1'])
  })

  test('restores a stdin that ends early up to its end', async () => {
    const {address} = await target()
    const dump = await dumpOf([[item('a'), item('b')]])
    const args = ['restore', '-', formatAddress(address)]
    const {stdout, code} = await runRepbench(args, {input: dump.subarray(0, -3)})
    expect(stdout.toString()).toContain('written        2 ')
    expect(stdout.toString()).toMatch(
      /damage {9}expected a block of \d+ bytes at byte \d+, got the end of the file after/,
    )
    expect(code).toBe(3)
  })

  test('shows what a dump says as one line of text', async () => {
    const {restore} = await target()
    const output = new MemoryOutput()
    const odd = {...header, server: '\x1b[2J\nverdict pass', serverVersion: '\u202e'}
    const sink = await DumpFileSink.begin({output, header: odd, compression: 'none'})
    await sink.complete({...allSeen, damage: 'none\nverdict        pass'})
    writeFileSync(file, output.bytes)
    const {text, code} = await restore()
    expect(text).toContain('(\\x1b[2J\\x0averdict pass \\xe2\\x80\\xae, ')
    expect(text).toContain('damage         none\\x0averdict        pass; what')
    expect(code).toBe(3)
  })

  test('is told as JSON', async () => {
    const {restore} = await target()
    await writeDump({items: [item('a'), item('b')]})
    const {text, code} = await restore('--json')
    expect(JSON.parse(text)).toMatchObject({
      schema: 'repbench.restore/1',
      file,
      dump: {server: '10.0.0.1:11211', serverVersion: '1.6.21'},
      mode: 'add',
      counts: {written: 2, present: 0},
      notSeen: allSeen,
      problem: null,
      verdict: 'pass',
    })
    expect(code).toBe(0)
  })

  test('is finished by a second run after a kill', async () => {
    const {address, restore} = await target()
    await writeDump({items: Array.from({length: 3000}, (_, number) => item(`key:${number}`))})
    const child = startRepbench(['restore', file, formatAddress(address), '--rate', '2k'])
    await waitFor(async () => expect((await listExptimes(address)).size).toBeGreaterThan(200))
    child.kill('SIGKILL')
    await once(child, 'close')
    const there = (await listExptimes(address)).size
    expect(there).toBeLessThan(3000)
    const {text, code} = await restore('--rate', 'unlimited')
    expect(Number(/written {8}([\d,]+)/.exec(text)![1]!.replace(',', ''))).toBe(3000 - there)
    expect(code).toBe(0)
    expect((await listExptimes(address)).size).toBe(3000)
  })

  test('says after Ctrl-C how far it came, in one line', async () => {
    const {address} = await target()
    await writeDump({items: Array.from({length: 3000}, (_, number) => item(`key:${number}`))})
    const child = startRepbench(['restore', file, formatAddress(address), '--rate', '2k'])
    const said = Promise.all([text(child.stderr!), text(child.stdout!)])
    await waitFor(async () => expect((await listExptimes(address)).size).toBeGreaterThan(200))
    child.kill('SIGINT')
    await once(child, 'close')
    expect(await said).toEqual([
      expect.stringMatching(
        /^repbench: interrupted after [\d,]+ items; run it again for the rest: what is there stays\n$/,
      ),
      '',
    ])
    expect(child.exitCode).toBe(130)
  })

  test('ends by Ctrl-C while it waits for its stdin', async () => {
    const {address} = await target()
    const child = startRepbench(['restore', '-', formatAddress(address)])
    const said = text(child.stderr!)
    const items = Array.from({length: 5}, (_, number) => item(`key:${number}`, Buffer.alloc(600_000, 'v')))
    child.stdin!.write((await dumpOf([items])).subarray(0, -20))
    await waitFor(async () => expect((await listExptimes(address)).size).toBeGreaterThan(0))
    child.kill('SIGINT')
    await once(child, 'close')
    expect(await said).toMatch(/interrupted after \d items/)
    expect(child.exitCode).toBe(130)
  })

  test('says so when the server goes away in the middle', async () => {
    const {address} = await startEmbedded()
    const proxy = await BreakingProxy.open({target: address, manner: 'closes', afterBytes: 12_000})
    onTestFinished(() => proxy.close())
    await writeDump({items: Array.from({length: 5000}, (_, number) => item(`key:${number}`))})
    const {stdout, code} = await runRepbench(['restore', file, formatAddress(proxy.address)])
    expect(stdout.toString()).toMatch(/written {8}[\d,]+ .*\nExpected .* from .*, got .*\nverdict {8}unknown\n/)
    expect(code).toBe(3)
  })

  test.each<[string, () => string, string | RegExp]>([
    ['is not there', () => join(folder, 'none'), /Expected a dump in .*none, got ENOENT/],
    ['is a folder', () => folder, /Expected a dump in .*, got a directory/],
    ['is something else', () => import.meta.filename, /Expected a dump \(.*restore.test.ts\), got something else/],
    ['is empty', () => '/dev/null', 'Expected a dump (/dev/null), got an empty file'],
  ])('refuses a file that %s in one line', async (_, path, line) => {
    const {address} = await startEmbedded()
    const {stderr, code} = await runRepbench(['restore', path(), formatAddress(address)])
    expect(stderr).toMatch(line)
    expect(stderr.trimEnd().split('\n')).toHaveLength(1)
    expect(code).toBe(2)
  })

  test('cannot tell where no server answers', async () => {
    await writeDump({items: [item('a')]})
    const {stdout, code} = await runRepbench(['restore', file, '127.0.0.1:1'])
    expect(stdout.toString()).toContain('nothing listens there\nverdict        unknown\n')
    expect(code).toBe(3)
  })
})
