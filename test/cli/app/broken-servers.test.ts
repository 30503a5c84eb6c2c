import {mkdtemp, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {beforeEach, describe, expect, onTestFinished, test} from 'vitest'
import {formatAddress} from '../../../src/protocol/address.js'
import {startEmbedded} from '../../helpers/embedded.js'
import {runRepbench} from '../../helpers/run-repbench.js'
import {sample} from '../../helpers/sample.js'
import {type Breaking, BreakingProxy} from '../../instruments/breaking-proxy.js'

let state: string

beforeEach(async () => {
  state = await mkdtemp(join(tmpdir(), 'repbench-broken-'))
  return () => rm(state, {recursive: true})
})

/** At once, in the middle of the first reply, and when work is under way. */
const ways: readonly {manner: Breaking; afterBytes: number}[] = [
  {manner: 'closes', afterBytes: 0},
  {manner: 'speaks TLS', afterBytes: 0},
  {manner: 'resets', afterBytes: 5},
  {manner: 'closes', afterBytes: 300},
  {manner: 'speaks TLS', afterBytes: 300},
  {manner: 'resets', afterBytes: 4000},
]

const load = ['--duration', '300ms', '--rate', '500', '--timeout', '500ms']

/** Of a server that breaks, and one beside it that does not. */
const commands: Record<string, (broken: string, well: string) => string[]> = {
  load: broken => ['load', '--server', broken, ...load],
  'load --verify': broken => ['load', '--server', broken, ...load, '--verify'],
  'load --failover': (broken, well) => ['load', '--server', broken, '--server', well, ...load, '--failover'],
  mcperf: broken => ['mcperf', ...mcperfServer(broken), '--num-conns=5', '--num-calls=200', '--timeout=1'],
  memslap: broken => ['memslap', '--servers', broken, '--test=set', '--execute-number=200'],
  console: broken => ['console', broken, '--timeout', '1s'],
  verify: (broken, well) => ['verify', '--server', broken, '--server', well, '--wait', '100ms'],
  diff: (broken, well) => ['diff', broken, well],
  dump: broken => ['dump', broken, '-o', join(state, 'items.dump')],
  'copy from it': (broken, well) => ['copy', broken, well],
  'copy to it': (broken, well) => ['copy', well, broken],
  'sync from it': (broken, well) => ['sync', broken, well, '--yes'],
  'sync to it': (broken, well) => ['sync', well, broken, '--yes'],
  'top --once': (broken, well) => ['top', broken, well, '--once', '--interval', '300ms'],
  'top --once --slabs': broken => ['top', broken, '--once', '--slabs', '--interval', '300ms'],
}

function mcperfServer(address: string): string[] {
  const [host, port] = address.split(':')
  return [`--server=${host}`, `--port=${port}`]
}

const named = Object.entries(commands).map(([name, wordsOf], turn) => [name, wordsOf, turn] as const)

describe.each(named)('%s', (_, wordsOf, turn) => {
  test.each(sample(ways, {turn, most: 2}))(
    'a server that $manner after $afterBytes bytes is no internal error',
    async way => {
      const [{address: target}, {address: well}] = await Promise.all([startEmbedded(), startEmbedded()])
      const proxy = await BreakingProxy.open({target, ...way})
      onTestFinished(() => proxy.close())
      const input = 'set a 0 0 3\r\nabc\r\nget a\r\nstats\r\n'.repeat(5)
      const words = wordsOf(formatAddress(proxy.address), formatAddress(well))
      const {code, stderr} = await runRepbench(words, {input, env: {XDG_STATE_HOME: state}})
      expect({code, stderr}).toEqual({
        code: expect.toBeOneOf([0, 1, 2, 3]),
        stderr: expect.not.stringMatching(/internal error|^\s+at /m),
      })
    },
  )
})
