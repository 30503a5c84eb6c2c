import {spawn} from 'node:child_process'
import {existsSync} from 'node:fs'
import {text} from 'node:stream/consumers'
import {describe, expect, it} from 'vitest'
import {converse} from '../../../helpers/converse.js'
import {startEmbedded} from '../../../helpers/embedded.js'
import {answersTo} from '../../../helpers/offline.js'

const unnoticed = 'flush_all\r\n'.repeat(181_818)

describe('where the node is safer than 1.4.13, or has commands of later versions, it', () => {
  it.each([
    [
      'shows flags from 2^31 on as they were set (1.4.13: negative)',
      'set a 4294967295 0 1\r\n1\r\nincr a 1\r\nget a\r\n',
      'STORED\r\n2\r\nVALUE a 4294967295 1\r\n2\r\nEND\r\n',
    ],
    [
      'skips a block that is too large even if told not to reply (1.4.13 takes it for commands)',
      `set a 0 0 1\r\n1\r\nset b 0 0 ${unnoticed.length} noreply\r\n${unnoticed}\r\nget a\r\n`,
      'STORED\r\nVALUE a 0 1\r\n1\r\nEND\r\n',
    ],
    [
      'does not count from an empty value (1.4.13 reads on behind it)',
      'set a 0 0 0\r\n\r\nincr a 1\r\n',
      'STORED\r\nCLIENT_ERROR cannot increment or decrement non-numeric value\r\n',
    ],
    [
      'ends an item by a touch with a negative exptime (in a young 1.4.13 it lives for ever)',
      'set a 0 0 1\r\n1\r\ntouch a -100\r\nget a\r\n',
      'STORED\r\nTOUCHED\r\nEND\r\n',
    ],
    [
      'keeps what is stored right after flush_all 1 (1.4.13 loses it)',
      'set a 0 0 1\r\n1\r\nflush_all 1\r\nget a\r\nset a 0 0 1\r\n2\r\nget a\r\n',
      'STORED\r\nOK\r\nEND\r\nSTORED\r\nVALUE a 0 1\r\n2\r\nEND\r\n',
    ],
    [
      'flushes for a time that is over (1.4.13 does nothing)',
      'set a 0 0 1\r\n1\r\nflush_all 1000000000\r\nget a\r\n',
      'STORED\r\nOK\r\nEND\r\n',
    ],
    ['hangs up on a browser', 'GET / HTTP/1.1\r\nset a 0 0 1\r\n1\r\n', ''],
    ['hangs up on a forged request', 'POST /x HTTP/1.0\r\nversion\r\n', ''],
    ['does not on what only looks like one', 'GET /\r\nversion\r\n', 'ERROR\r\nVERSION 1.4.13\r\n'],
    [
      'knows gat and gats',
      'gat 100 a\r\nset a 0 0 1\r\n1\r\ngat 100 a b\r\ngats -1 a\r\nget a\r\ngat x a\r\ngat\r\ngat 0\r\n',
      'END\r\nSTORED\r\nVALUE a 0 1\r\n1\r\nEND\r\nVALUE a 0 1 1\r\n1\r\nEND\r\nEND\r\nCLIENT_ERROR invalid exptime argument\r\nERROR\r\nEND\r\n',
    ],
  ])('%s', (_, input, output) => {
    expect(answersTo(Buffer.from(input, 'latin1'))).toBe(output)
  })
})

describe('debugtime', () => {
  it('moves the clock of a node that allows it', async () => {
    const {address} = await startEmbedded({debugCommands: true})
    const sets = 'set a 0 100 1\r\n1\r\nset b 0 0 1\r\n1\r\n'
    expect(await converse(address, `debugtime p\r\n${sets}debugtime 99\r\nget a\r\ndebugtime 1\r\nget a b\r\n`)).toBe(
      'OK\r\nSTORED\r\nSTORED\r\nOK\r\nVALUE a 0 1\r\n1\r\nEND\r\nOK\r\nVALUE b 0 1\r\n1\r\nEND\r\n',
    )
    expect(await converse(address, 'debugtime r\r\ndebugtime x\r\ndebugtime\r\n')).toBe('OK\r\nERROR\r\nERROR\r\n')
    expect(await converse(address, 'flush_all 10\r\nget b\r\ndebugtime 9\r\nget b\r\n')).toBe(
      'OK\r\nVALUE b 0 1\r\n1\r\nEND\r\nOK\r\nEND\r\n',
    )
  })

  it('is unknown to others', async () => {
    const {address} = await startEmbedded()
    expect(await converse(address, 'debugtime 1\r\n')).toBe('ERROR\r\n')
  })
})

describe('-C', () => {
  it('shows no cas unique and compares none', async () => {
    const {address} = await startEmbedded({useCas: false})
    expect(await converse(address, 'set a 0 0 1\r\n1\r\ngets a\r\ncas a 0 0 1 99\r\n2\r\nget a\r\n')).toBe(
      'STORED\r\nVALUE a 0 1 0\r\n1\r\nEND\r\nSTORED\r\nVALUE a 0 1\r\n2\r\nEND\r\n',
    )
    expect(await converse(address, 'mg a c\r\nms a 1 C5 c\r\n3\r\n')).toBe('HD c0\r\nHD c0\r\n')
  })
})

const memcachedTool = '/usr/share/memcached/scripts/memcached-tool'

describe.skipIf(!existsSync(memcachedTool))('memcached-tool', () => {
  async function runTool(mode: string): Promise<string> {
    const {address} = await startEmbedded()
    const value = 'x'.repeat(300)
    await converse(address, `set a 0 0 1\r\n1\r\nset key:b 7 0 300\r\n${value}\r\nget a\r\n`)
    const tool = spawn('perl', [memcachedTool, `${address.host}:${address.port}`, mode], {
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    return await text(tool.stdout)
  }

  it('displays slab classes', async () => {
    expect((await runTool('display')).split('\n')).toEqual([
      '  #  Item_Size  Max_age   Pages   Count   Full?  Evicted Evict_Time OOM',
      expect.stringMatching(/^ {2}1 {6}96B {9}\ds {7}1 {7}1 {6}no {8}0 {8}0 {4}0$/),
      expect.stringMatching(/^ {2}7 {5}384B {9}\ds {7}1 {7}1 {6}no {8}0 {8}0 {4}0$/),
      '',
    ])
  })

  it('shows figures, settings and sizes', async () => {
    expect(await runTool('stats')).toMatch(/ curr_items +2\r\n/)
    expect(await runTool('settings')).toMatch(/ item_size_max +1048576\r\n/)
    expect(await runTool('sizes')).toMatch(/ 96 +1\r\n/)
  })

  it('dumps keys and values', async () => {
    const dump = await runTool('dump')
    expect(dump).toContain('add a 0 0 1\r\n1\r\n')
    expect(dump).toContain(`add key:b 7 0 300\r\n${'x'.repeat(300)}\r\n`)
    expect(await runTool('keys')).toMatch(/^key=a exp=-1 .*\nkey=key%3Ab exp=-1 /)
  })
})
