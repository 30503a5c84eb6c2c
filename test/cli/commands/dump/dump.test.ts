import {execFileSync, spawnSync} from 'node:child_process'
import {once} from 'node:events'
import {existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {text} from 'node:stream/consumers'
import {afterEach, beforeEach, describe, expect, onTestFinished, test} from 'vitest'
import {type Address, formatAddress} from '../../../../src/protocol/address.js'
import {ask} from '../../../helpers/ask.js'
import {startEmbedded} from '../../../helpers/embedded.js'
import {fill, listExptimes} from '../../../helpers/filled-server.js'
import {startMemcached} from '../../../helpers/memcached.js'
import {runRepbench, startRepbench} from '../../../helpers/run-repbench.js'
import {waitFor} from '../../../helpers/wait-for.js'
import {BinaryClient} from '../../../instruments/binary-client.js'
import {BreakingProxy} from '../../../instruments/breaking-proxy.js'

let folder = ''
let file = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'repbench-dump-'))
  file = join(folder, 'items.dump')
})
afterEach(() => rmSync(folder, {recursive: true, force: true}))

const hasMemcached = spawnSync(process.env.MEMCACHED_BIN ?? 'memcached', ['-V']).status === 0

const servers: readonly (readonly [string, boolean, () => Promise<Address>])[] = [
  ['embedded node', true, async () => (await startEmbedded()).address],
  ['embedded node like 1.6', true, async () => (await startEmbedded({like: '1.6'})).address],
  ['memcached', hasMemcached, async () => (await startMemcached()).address],
]

describe.each(servers)('a dump of %s', (_, isThere, start) => {
  test.skipIf(!isThere)('is restored with flags, exptimes and every byte of keys and values', async () => {
    const [from, to] = await Promise.all([start(), start()])
    await fill(from, 1000)
    const client = await BinaryClient.open(from)
    const odd = new Map([
      ['with blank', Buffer.from('a')],
      ['line\r\nend', Buffer.from('b\r\nEND\r\n')],
      ['x'.repeat(250), Buffer.alloc(0)],
      ['large', Buffer.alloc(1_000_000, 'large')],
      ['\u00fcn\u00ef', Buffer.from([0, 255])],
    ])
    for (const [key, value] of odd) await client.set(key, value, {flags: 0x7fff_ffff})
    client.close()

    const dumped = await runRepbench(['dump', formatAddress(from), '-o', file, '--rate', 'unlimited'])
    expect(dumped.stdout.toString()).toMatch(/items {10}1,005 \(.*\) in .* s, listed by metadump\nverdict {8}pass\n$/)
    expect(dumped.code).toBe(0)
    const restored = await runRepbench(['restore', file, formatAddress(to), '--rate', 'unlimited'])
    expect(restored.stdout.toString()).toMatch(/written {8}1,005 .*\nverdict {8}pass\n$/)
    expect(restored.code).toBe(0)

    expect(await listExptimes(to)).toEqual(await listExptimes(from))
    const reader = await BinaryClient.open(to)
    for (const [key, value] of odd) expect(await reader.get(key)).toEqual({flags: 0x7fff_ffff, value})
    for (const number of [0, 1, 500, 999]) {
      const value = Buffer.from(`${number}:`.padEnd(100, 'v'))
      expect(await reader.get(`key:${number}`)).toEqual({flags: number, value})
    }
    reader.close()
  })
})

describe('repbench dump', () => {
  test('tells the items one a line', async () => {
    const {address} = await startEmbedded()
    await ask(address, 'set a\xe9 7 0 3\r\na\tb')
    const {stdout, stderr, code} = await runRepbench(['dump', formatAddress(address), '--text', '-o', '-'])
    expect(stdout.toString()).toMatch(
      /^# .*: key, flags, exptime, bytes, value\na\\xe9\t7\tnever\t3\ta\\x09b\n# 1 items\n$/,
    )
    expect(stderr).toContain('items          1 (5 B) in ')
    expect(code).toBe(0)
  })

  test('goes through pipes', async () => {
    const [{address: from}, {address: to}] = await Promise.all([startEmbedded(), startEmbedded()])
    await fill(from, 3000, {valueBytes: 1000})
    const dump = startRepbench(['dump', formatAddress(from), '-o', '-', '--rate', 'unlimited'])
    const restore = startRepbench(['restore', '-', formatAddress(to), '--rate', 'unlimited'])
    dump.stdout!.pipe(restore.stdin!)
    const [said] = await Promise.all([text(restore.stdout!), text(dump.stderr!), once(restore, 'close')])
    expect(said).toMatch(/^stdin \(.*\) → .*\n\nwritten {8}3,000 /)
    expect(restore.exitCode).toBe(0)
  })

  test('is told as JSON', async () => {
    const {address} = await startEmbedded()
    await fill(address, 10)
    const {stdout, code} = await runRepbench([
      'dump',
      formatAddress(address),
      '-o',
      file,
      '--json',
      '--compression',
      'none',
    ])
    expect(JSON.parse(stdout.toString())).toMatchObject({
      schema: 'repbench.dump/1',
      file,
      form: 'dump',
      compression: 'none',
      listedBy: 'metadump',
      listed: 10,
      items: 10,
      bytes: 1050,
      notSeen: {hidden: 0, unreadable: 0, gone: 0, exptimeUnknown: 0, damage: null},
      problem: null,
      verdict: 'pass',
    })
    expect(code).toBe(0)
  })

  test('reads the keys that it is given', async () => {
    const {address} = await startEmbedded()
    await fill(address, 10)
    const client = await BinaryClient.open(address)
    await client.set('line\nend', 'x')
    client.close()
    const args = ['dump', formatAddress(address), '--text', '-o', '-', '--keys', '-']
    const {stdout, stderr, code} = await runRepbench(args, {input: 'key:3\r\nabsent\nline\\x0aend\n'})
    expect(
      stdout
        .toString()
        .split('\n')
        .map(line => line.split('\t')[0]),
    ).toEqual([expect.any(String), 'key:3', 'line\\x0aend', '# 2 items', ''])
    expect(stderr).toContain('gone           1, expired or deleted since they were listed\n')
    expect(code).toBe(0)
  })

  test('keeps what an interrupted one has, beside the former file', async () => {
    const [{address: from}, {address: to}] = await Promise.all([startEmbedded(), startEmbedded()])
    await fill(from, 2000)
    writeFileSync(file, 'former')
    const child = startRepbench(['dump', formatAddress(from), '-o', file, '--rate', '1k'])
    const said = text(child.stderr!)
    await waitFor(() => expect(statSync(`${file}.part`).size).toBeGreaterThan(8))
    child.kill('SIGINT')
    await once(child, 'close')
    expect(child.exitCode).toBe(130)
    expect(await said).toMatch(
      /^repbench: interrupted after [\d,]+ of 2,000 items; they are in .*\.part, which restore reads up to its end; run it again for all\n$/,
    )
    expect(readFileSync(file, 'utf8')).toBe('former')
    const {stdout, code} = await runRepbench(['restore', `${file}.part`, formatAddress(to)])
    expect(stdout.toString()).toMatch(/damage {9}expected a block at byte \d+, got the end of the file; /)
    expect(code).toBe(3)
    expect((await listExptimes(to)).size).toBe(Number(/after ([\d,]+)/.exec(await said)![1]!.replace(',', '')))
  })

  test('leaves the former file when it is killed, and whole blocks beside it', async () => {
    const [{address: from}, {address: to}] = await Promise.all([startEmbedded(), startEmbedded()])
    await fill(from, 20_000, {valueBytes: 1000})
    writeFileSync(file, 'former')
    const child = startRepbench(['dump', formatAddress(from), '-o', file, '--rate', '10k', '--compression', 'none'])
    await waitFor(() => expect(statSync(`${file}.part`).size).toBeGreaterThan(2_000_000))
    child.kill('SIGKILL')
    await once(child, 'close')
    expect(readFileSync(file, 'utf8')).toBe('former')
    const {stdout, code} = await runRepbench(['restore', `${file}.part`, formatAddress(to), '--rate', 'unlimited'])
    expect(code).toBe(3)
    expect(stdout.toString()).toContain('damage         expected a block')
    expect((await listExptimes(to)).size).toBeGreaterThan(1000)
    const again = await runRepbench(['dump', formatAddress(from), '-o', file, '--rate', 'unlimited'])
    expect(again.code).toBe(0)
    expect(readdirSync(folder)).toEqual(['items.dump'])
  })

  test('says so when the server goes away in the middle', async () => {
    const {address} = await startEmbedded()
    await fill(address, 2000, {valueBytes: 1000})
    const proxy = await BreakingProxy.open({target: address, manner: 'closes', afterBytes: 600_000})
    onTestFinished(() => proxy.close())
    const {stdout, code} = await runRepbench(['dump', formatAddress(proxy.address), '-o', file])
    expect(stdout.toString()).toContain(
      `kept in        ${file}.part, which restore reads up to its end\nverdict        unknown\n`,
    )
    expect(code).toBe(3)
  })

  test('says so when its reader goes away', async () => {
    const {address} = await startEmbedded()
    await fill(address, 5000, {valueBytes: 2000})
    const child = startRepbench(['dump', formatAddress(address), '-o', '-', '--compression', 'none'])
    const said = text(child.stderr!)
    child.stdout!.once('data', () => child.stdout!.destroy())
    await once(child, 'close')
    expect(await said).toBe('repbench: Expected to write stdout, got no reader any more (EPIPE)\n')
    expect(child.exitCode).toBe(1)
  })

  test('ends by Ctrl-C where its reader takes nothing', async () => {
    const {address} = await startEmbedded()
    await fill(address, 5000, {valueBytes: 2000})
    const child = startRepbench(['dump', formatAddress(address), '-o', '-', '--compression', 'none'])
    const said = text(child.stderr!)
    await once(child.stdout!, 'readable')
    child.kill('SIGINT')
    await once(child, 'exit')
    child.stdout!.destroy()
    expect(await said).toMatch(/^repbench: interrupted after [\d,]+ of 5,000 items; run it again for all\n$/)
    expect(child.exitCode).toBe(130)
  })

  test('on a full disk leaves the former file, and nothing else', async context => {
    const disk = join(folder, 'disk')
    mkdirSync(disk)
    if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'none', disk]).status !== 0) return context.skip()
    try {
      const {address} = await startEmbedded()
      await fill(address, 3000, {valueBytes: 1000})
      const there = join(disk, 'items.dump')
      writeFileSync(there, 'former')
      const {stderr, code} = await runRepbench(['dump', formatAddress(address), '-o', there, '--compression', 'none'])
      expect(stderr).toBe(
        `repbench: Expected to write ${there}.part, got ENOSPC: no space left on device, write; nothing of it is left\n`,
      )
      expect(code).toBe(1)
      expect(readdirSync(disk)).toEqual(['items.dump'])
      expect(readFileSync(there, 'utf8')).toBe('former')
    } finally {
      execFileSync('umount', [disk])
    }
  })

  test.each<[string, (address: string) => string[], string]>([
    [
      'a folder that is none',
      address => ['dump', address, '-o', join(folder, 'none', 'x')],
      'Expected a writable --out file, got ENOENT',
    ],
    [
      'a folder in the way of its file',
      address => {
        mkdirSync(`${file}.part/x`, {recursive: true})
        return ['dump', address, '-o', file]
      },
      `Expected to write `,
    ],
    ['a folder', address => ['dump', address, '-o', folder], `Expected a writable --out file, got a directory`],
    [
      'JSON on its stdout',
      address => ['dump', address, '-o', '-', '--json'],
      'Expected --json or the dump on stdout, got both',
    ],
    ['no file', address => ['dump', address], "required option '-o, --out <file>' not specified"],
    [
      'a rate that is none',
      address => ['dump', address, '-o', file, '--rate', 'fast'],
      "Expected a number such as 500, 20k or unlimited, got 'fast'",
    ],
    [
      'no keys',
      address => ['dump', address, '-o', file, '--keys', '/dev/null'],
      'Expected keys, one a line, got none (/dev/null)',
    ],
  ])('refuses %s in one line', async (_, argsOf, line) => {
    const {address} = await startEmbedded()
    const {stderr, code} = await runRepbench(argsOf(formatAddress(address)))
    expect(stderr).toContain(line)
    expect(stderr.trimEnd().split('\n')).toHaveLength(1)
    expect(code).toBe(2)
    expect(existsSync(file)).toBe(false)
  })

  test('cannot tell where no server answers', async () => {
    const {stdout, code} = await runRepbench(['dump', '127.0.0.1:1', '-o', file])
    expect(stdout.toString()).toContain('nothing listens there\nverdict        unknown\n')
    expect(code).toBe(3)
    expect(readdirSync(folder)).toEqual([])
  })
})
