import {once} from 'node:events'
import {text} from 'node:stream/consumers'
import {describe, expect, test} from 'vitest'
import {formatAddress} from '../../../../src/protocol/address.js'
import {ask} from '../../../helpers/ask.js'
import {startEmbedded} from '../../../helpers/embedded.js'
import {fill, listExptimes} from '../../../helpers/filled-server.js'
import {runRepbench, startRepbench} from '../../../helpers/run-repbench.js'
import {waitFor} from '../../../helpers/wait-for.js'

async function twoNodes() {
  const [{address: from}, {address: to}] = await Promise.all([startEmbedded(), startEmbedded()])
  await fill(from, 2000)
  const copy = async (...options: string[]) => {
    const {code, stdout, stderr} = await runRepbench(['copy', formatAddress(from), formatAddress(to), ...options])
    return {code, text: stdout.toString(), stderr}
  }
  return {from, to, copy}
}

describe('repbench copy', () => {
  test('copies all that is not there', async () => {
    const {from, to, copy} = await twoNodes()
    await ask(to, 'set key:7 0 0 5\r\nnewer')
    const {text, code} = await copy('--rate', 'unlimited')
    expect(text).toContain('written        1,999 (')
    expect(text).toContain(
      'left as is     1, as the server has an item (--overwrite writes over it)\nverdict        pass\n',
    )
    expect(code).toBe(0)
    expect(await ask(to, 'get key:7')).toContain('newer')
    expect(await ask(to, 'get key:1999')).toBe(await ask(from, 'get key:1999'))

    expect((await copy('--overwrite', '--rate', 'unlimited')).code).toBe(0)
    expect(await listExptimes(to)).toEqual(await listExptimes(from))
    expect(await ask(to, 'get key:7')).toBe(await ask(from, 'get key:7'))
  })

  test('is told as JSON, of some keys', async () => {
    const {from, to} = await twoNodes()
    const args = ['copy', formatAddress(from), formatAddress(to), '--keys', '-', '--json']
    const {stdout, code} = await runRepbench(args, {input: 'key:1\nabsent\n'})
    expect(JSON.parse(stdout.toString())).toMatchObject({
      schema: 'repbench.copy/1',
      from: formatAddress(from),
      to: formatAddress(to),
      counts: {written: 1},
      notSeen: {gone: 1, hidden: 0},
      verdict: 'pass',
    })
    expect(code).toBe(0)
    expect([...(await listExptimes(to)).keys()]).toEqual(['key:1'])
  })

  test('says after Ctrl-C how far it came, and is finished by a second run', async () => {
    const {from, to, copy} = await twoNodes()
    const child = startRepbench(['copy', formatAddress(from), formatAddress(to), '--rate', '1k'])
    const said = text(child.stderr!)
    await waitFor(async () => expect((await listExptimes(to)).size).toBeGreaterThan(100))
    child.kill('SIGINT')
    await once(child, 'close')
    expect(await said).toMatch(
      /^repbench: interrupted after [\d,]+ items; run it again for the rest: what is there stays\n$/,
    )
    expect(child.exitCode).toBe(130)
    expect((await copy('--rate', 'unlimited')).code).toBe(0)
    expect(await listExptimes(to)).toEqual(await listExptimes(from))
  })

  test('refuses a server and itself', async () => {
    const {address} = await startEmbedded()
    const {stderr, code} = await runRepbench(['copy', formatAddress(address), formatAddress(address)])
    expect(stderr).toBe(`repbench: Expected two different servers, got ${formatAddress(address)} twice\n`)
    expect(code).toBe(2)
  })

  test('cannot tell where a server does not answer', async () => {
    const {address} = await startEmbedded()
    for (const args of [
      [formatAddress(address), '127.0.0.1:1'],
      ['127.0.0.1:1', formatAddress(address)],
    ]) {
      const {stdout, code} = await runRepbench(['copy', ...args])
      expect(stdout.toString()).toContain('nothing listens there\nverdict        unknown\n')
      expect(code).toBe(3)
    }
  })
})
