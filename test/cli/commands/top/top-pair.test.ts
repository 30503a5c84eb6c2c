import {describe, expect, it} from 'vitest'
import {formatAddress} from '../../../../src/protocol/address.js'
import {converse} from '../../../helpers/converse.js'
import {startProxiedPair} from '../../../helpers/proxied-pair.js'
import {runRepbench} from '../../../helpers/run-repbench.js'

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

describe('repbench top --pair --once of nodes that part', () => {
  it('says so and what to do, in words and in the document', async () => {
    const pair = await startProxiedPair({behaviour: {dropsKey: key => key.startsWith('lost')}})
    const sets = Array.from({length: 50}, (_, index) => `set lost${index} 0 0 1\r\nx\r\n`)
    await converse(pair.master, ...sets)
    const {code, text} = await topPair(pair)
    expect(text).toMatch(
      /!! link: paired, but the nodes part: \d+ and \d+ items since .*: of 50 keys looked at 50 are on /,
    )
    expect(text).toMatch(/usual causes: .* see repbench diff \S+ \S+, repbench verify --known-faults/)
    expect(code).toBe(1)
    const json = await topPair(pair, '--json')
    expect(JSON.parse(json.text).link).toMatchObject({
      verdict: 'paired',
      proven: true,
      parting: {looked: 50, found: {onlyOnFirst: 50, onlyOnSecond: 0, different: 0}},
    })
    expect(json.code).toBe(1)
  })

  it('says nothing of a pair that holds the same, and writes nothing with --no-probe, which it says', async () => {
    const pair = await startProxiedPair()
    await converse(pair.master, 'set k 0 0 1\r\nx\r\n')
    const {code, text} = await topPair(pair, '--no-probe')
    expect(text).toMatch(
      /\nlink: paired since .*is linked \(by its own figures\); only that says so: no probe writes\n$/,
    )
    expect(code).toBe(0)
    expect(await converse(pair.slave, 'stats\r\n')).toContain('STAT cmd_set 0\r\n')
  })
})
