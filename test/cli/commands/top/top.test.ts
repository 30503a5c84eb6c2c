import {execFileSync} from 'node:child_process'
import {existsSync} from 'node:fs'
import {describe, expect, it, onTestFinished} from 'vitest'
import {formatSlabTable} from '../../../../src/cli/documents/text/slab-table.js'
import type {Address} from '../../../../src/protocol/address.js'
import {formatAddress} from '../../../../src/protocol/address.js'
import {parseStats} from '../../../../src/protocol/text/stats-reply.js'
import {slabClassesOf} from '../../../../src/server/stats/slab-classes.js'
import {converse} from '../../../helpers/converse.js'
import {startEmbedded} from '../../../helpers/embedded.js'
import {startLinkedPair} from '../../../helpers/linked-pair.js'
import {startMemcached} from '../../../helpers/memcached.js'
import {linesOf, recordedStats} from '../../../helpers/recorded-stats.js'
import {runRepbench, startRepbench} from '../../../helpers/run-repbench.js'
import {TerminalRun} from '../../../helpers/terminal.js'
import {waitFor} from '../../../helpers/wait-for.js'

const memcachedTool = '/usr/share/memcached/scripts/memcached-tool'

async function top(...args: string[]): Promise<{code: number | null; text: string; stderr: string}> {
  const {code, stdout, stderr} = await runRepbench(['top', ...args], {env: {NO_COLOR: '1'}})
  return {code, text: stdout.toString(), stderr}
}

function serversOf(...addresses: Address[]): string[] {
  return addresses.map(formatAddress)
}

describe('the slab table', () => {
  const recorded = recordedStats()
  it.each(Object.keys(recorded) as (keyof typeof recorded)[])('is what memcached-tool printed of %s', name => {
    const read = (command: 'stats items' | 'stats slabs') => parseStats(linesOf(recorded[name][command]))!
    const classes = slabClassesOf({items: read('stats items'), slabs: read('stats slabs')})
    expect(formatSlabTable(classes).join('\n')).toBe(recorded[name]['memcached-tool'].trimEnd())
  })

  it.skipIf(!existsSync(memcachedTool))('is what memcached-tool prints now', async () => {
    const {address} = await startMemcached()
    await converse(address, `set a 0 0 2000\r\n${'x'.repeat(2000)}\r\nset b 0 0 1\r\nx\r\n`)
    const {text, code} = await top('--once', '--slabs', ...serversOf(address))
    const tool = execFileSync('perl', [memcachedTool, formatAddress(address)], {encoding: 'latin1'})
    const withoutAges = (table: string) => table.replaceAll(/ +\d+s /g, ' ')
    expect(withoutAges(text)).toBe(withoutAges(`${formatAddress(address)}\n${tool.trimEnd()}\n`))
    expect(code).toBe(0)
  })
})

describe('repbench top --once', () => {
  it('shows memcache-top’s columns, then those of replication', async () => {
    const native = await startMemcached()
    const {master} = await startLinkedPair()
    await converse(native.address, 'set a 0 0 1\r\nx\r\nget a\r\nget b\r\n')
    const {code, text} = await top('--once', ...serversOf(native.address, master))
    const [heading, first, second, average, total] = text.trimEnd().split('\n')
    expect(heading!.split(/ {2,}/)).toEqual([
      'INSTANCE',
      ...['USAGE', 'HIT %', 'CONN', 'TIME', 'EVICT/s', 'READ/s', 'WRITE/s', 'OP/s', 'ITEMS', 'QUEUE', 'LINK'],
    ])
    expect(first).toMatch(/^127\.0\.0\.1:\d+ +0\.0% +50\.0% +0 +\d+\.\dms +0 +0 +0 +0 +1 +– +none$/)
    expect(second).toMatch(/^127\.0\.0\.1:\d+ +0\.0% +– +0 +\d+\.\dms +0 +0 +0 +0 +0 +0 \(peak \d+\) +paired master$/)
    expect(average).toMatch(/^AVERAGE +0\.0% +50\.0% /)
    expect(total).toMatch(/^TOTAL +\d+\/128M /)
    expect(code).toBe(0)
  })

  it('ends with 1 and says so when a node does not answer', async () => {
    const {address} = await startMemcached()
    const {code, text} = await top('--once', ...serversOf(address), '127.0.0.1:1')
    expect(text).toContain('!! 127.0.0.1:1 does not answer: a refused connection: nothing listens there\n')
    expect(code).toBe(1)
  })

  it('gives one JSON document', async () => {
    const {master, slave} = await startLinkedPair()
    const {code, text} = await top('--once', '--json', '--pair', '--slabs', ...serversOf(master, slave))
    expect(JSON.parse(text)).toMatchObject({
      schema: 'repbench.top/1',
      nodes: [
        {name: formatAddress(master), answers: true, link: 'paired master', rates: {operations: 0}},
        {name: formatAddress(slave), answers: true, replication: {role: 'slave'}, columns: {connections: 0}},
      ],
      total: {connections: 0, usage: null},
      link: {verdict: 'paired', why: 'writes cross both ways'},
    })
    expect(code).toBe(0)
  })

  it('ends with 1 when a pair answers and does not replicate', async () => {
    const {master, slave, cut} = await startLinkedPair()
    cut()
    const {code, text} = await top('--once', '--pair', '--no-probe', ...serversOf(master, slave))
    expect(text).toMatch(/\n!! link: unpaired-but-serving since \d\d:\d\d:\d\d: .* waits for a peer to connect/)
    expect(code).toBe(1)
  })

  it.each([
    [['127.0.0.1:1', '127.0.0.1:1'], 'Expected each server once, got 127.0.0.1:1 twice'],
    [['--pair', '127.0.0.1:1'], 'Expected two servers with --pair, got 1'],
    [['nonsense:port'], "Expected HOST:PORT with a port from 1 to 65535, got 'nonsense:port'"],
  ])('refuses %j', async (args, message) => {
    const {code, stderr, text} = await top(...args)
    expect(stderr).toContain(message)
    expect([code, text]).toEqual([2, ''])
  })
})

describe('repbench top', () => {
  it.each(['q', '\x03'])('is drawn over until %j', async key => {
    const {address} = await startEmbedded()
    const run = new TerminalRun(['top', formatAddress(address)])
    onTestFinished(() => run.kill())
    await waitFor(() => expect(run.text().split('INSTANCE').length).toBeGreaterThan(2))
    run.type(key)
    expect(await run.exited).toBe(0)
  })

  it('prints a table a second where there is no terminal, and ends with a signal', async () => {
    const {address} = await startEmbedded()
    const child = startRepbench(['top', formatAddress(address)])
    onTestFinished(() => void child.kill('SIGKILL'))
    let text = ''
    child.stdout!.on('data', chunk => {
      text += String(chunk)
    })
    await waitFor(() => expect(text.split('INSTANCE').length).toBeGreaterThan(2))
    const exited = new Promise(resolve => child.once('exit', resolve))
    child.kill('SIGINT')
    expect(await exited).toBe(130)
    expect(text).not.toContain('\x1b')
  })
})
