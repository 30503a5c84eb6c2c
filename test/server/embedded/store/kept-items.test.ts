import {execFileSync} from 'node:child_process'
import {
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {describe, expect, it, onTestFinished} from 'vitest'
import {
  checkKeepable,
  claimKeptItems,
  keepItems,
  restoreItems,
  returnKeptItems,
} from '../../../../src/server/embedded/store/kept-items.js'
import {converse} from '../../../helpers/converse.js'
import {createEmbedded, startEmbedded} from '../../../helpers/embedded.js'
import {offlineContext} from '../../../helpers/offline.js'

function temporaryFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'repbench-kept-'))
  onTestFinished(() => rmSync(folder, {recursive: true}))
  return join(folder, 'items')
}

describe('-e', () => {
  it('hands a node’s items to the next one with values, flags, exptimes and cas uniques, but no expired ones', async () => {
    const file = temporaryFile()
    const first = await startEmbedded()
    const big = 'v'.repeat(700_000)
    await converse(
      first.address,
      `set a 7 0 3\r\nabc\r\nset ttl 0 1000 1\r\nx\r\nset old 0 -1 1\r\nx\r\nset big 0 0 ${big.length}\r\n${big}\r\n`,
    )
    const asked = 'gets a ttl old big\r\n'
    const before = await converse(first.address, asked)
    await first.node.stop()
    first.node.keep(file)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    const {node} = createEmbedded()
    node.restore(claimKeptItems(file)!)
    const address = await node.start()
    expect((await converse(address, asked)) === before).toBe(true)
    expect(await converse(address, 'mg ttl t\r\n')).toMatch(/^HD t(?:9\d\d|1000)\r/)
    expect(await converse(address, 'set new 0 0 1\r\nx\r\ngets new\r\n')).toMatch(/VALUE new 0 1 5\r/)
  })

  it('claims them once, so that a crash brings no old items back', () => {
    const file = temporaryFile()
    keepItems(offlineContext().store, file)
    expect(claimKeptItems(file)).toMatchObject({items: 0, hashPower: 16})
    expect(existsSync(`${file}.meta`)).toBe(false)
    expect(claimKeptItems(file)).toBeNull()
  })

  it('refuses a file that no node has written, and a truncated one', async () => {
    const file = temporaryFile()
    writeFileSync(`${file}.meta`, '')
    expect(() => claimKeptItems(file)).toThrow(expect.objectContaining({code: 'ERR_KEPT_ITEMS'}))
    const {node, address} = await startEmbedded()
    await converse(address, 'set a 0 0 3\r\nabc\r\n')
    await node.stop()
    rmSync(`${file}.meta`)
    node.keep(file)
    truncateSync(file, statSync(file).size - 1)
    const kept = claimKeptItems(file)!
    expect(() => restoreItems(offlineContext().store, kept)).toThrow(expect.objectContaining({code: 'ERR_KEPT_ITEMS'}))
  })

  it('does not block on a pipe', () => {
    const file = temporaryFile()
    execFileSync('mkfifo', [file, `${file}.meta`])
    expect(() => claimKeptItems(file)).toThrow(expect.objectContaining({code: 'ERR_KEPT_ITEMS'}))
    expect(() => keepItems(offlineContext().store, file)).toThrow(expect.objectContaining({code: 'ENXIO'}))
  })

  it('follows no link when it writes', () => {
    const file = temporaryFile()
    writeFileSync(`${file}.other`, 'mine')
    symlinkSync(`${file}.other`, file)
    expect(() => keepItems(offlineContext().store, file)).toThrow(expect.objectContaining({code: 'ELOOP'}))
  })

  it('reports at the start that the file could not be written', () => {
    const file = temporaryFile()
    symlinkSync(`${file}.other`, `${file}.link`)
    const refused = expect.objectContaining({code: 'ERR_KEPT_ITEMS'})
    for (const place of [tmpdir(), '/dev/full', `${file}.none/items`, `${file}.link`, `${file}\0`]) {
      expect(() => checkKeepable(place), place).toThrow(refused)
    }
    checkKeepable(file)
    expect(existsSync(file)).toBe(false)
    writeFileSync(file, 'mine')
    checkKeepable(file)
    expect(readFileSync(file, 'utf8')).toBe('mine')
  })

  it('returns the claim of a node that could not start', () => {
    const file = temporaryFile()
    keepItems(offlineContext().store, file)
    const kept = claimKeptItems(file)!
    returnKeptItems(kept)
    expect(claimKeptItems(file)).toEqual(kept)
  })
})
