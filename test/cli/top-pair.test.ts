import {describe, expect, it} from 'vitest'
import {formatAddress} from '../../src/protocol/address.js'
import {startProxiedPair} from '../helpers/proxied-pair.js'
import {runRepbench} from '../helpers/run-repbench.js'

async function topPair(pair: Awaited<ReturnType<typeof startProxiedPair>>, ...args: string[]) {
  const servers = [pair.master, pair.slave].map(formatAddress)
  const {code, stdout} = await runRepbench(['top', '--pair', '--once', ...args, ...servers])
  return {code, text: stdout.toString()}
}

describe('repbench top --pair --once', () => {
  it('is not content with a link that stands and lets nothing through', async () => {
    const pair = await startProxiedPair()
    pair.link.stall()
    const {code, text} = await topPair(pair)
    expect(text).toMatch(/!! link: unpaired-but-serving since .*: not replicating: writes have not crossed .* for \d/)
    expect(code).toBe(1)
  })
})
