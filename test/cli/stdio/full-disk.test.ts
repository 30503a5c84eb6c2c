import {type ChildProcess, spawn} from 'node:child_process'
import {once} from 'node:events'
import {closeSync, openSync} from 'node:fs'
import {mkdtemp, readdir, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {text} from 'node:stream/consumers'
import {beforeEach, expect, test} from 'vitest'
import {formatAddress} from '../../../src/protocol/address.js'
import {startEmbedded} from '../../helpers/embedded.js'
import {binPath} from '../../helpers/run-repbench.js'

let state: string

beforeEach(async () => {
  state = await mkdtemp(join(tmpdir(), 'repbench-full-'))
  return () => rm(state, {recursive: true})
})

interface Ended {
  readonly code: number | null
  readonly stderr: string
}

/** With stdout on a disk without room. */
async function run(args: readonly string[], input = ''): Promise<Ended> {
  const full = openSync('/dev/full', 'w')
  const env = {...process.env, XDG_STATE_HOME: state}
  const child: ChildProcess = spawn(process.execPath, [binPath, ...args], {stdio: ['pipe', full, 'pipe'], env})
  closeSync(full)
  child.stdin!.on('error', () => {})
  child.stdin!.end(input)
  const [stderr] = await Promise.all([text(child.stderr!), once(child, 'close')])
  return {code: child.exitCode, stderr}
}

const PROBLEM = 'repbench: cannot write to stdout: write: no space left on device\n'

const commands: readonly (readonly [string, (servers: readonly [string, string]) => string[]])[] = [
  ['--help', () => ['--help']],
  ['--version', () => ['--version']],
  ['load --help', () => ['load', '--help']],
  ['node --help', () => ['node', '--help']],
  ['load', ([server]) => ['load', '--server', server, '--duration', '100ms']],
  ['load --json', ([server]) => ['load', '--server', server, '--duration', '100ms', '--json']],
  ['memslap', ([server]) => ['memslap', '--servers', server, '--test=set', '--execute-number=10']],
  ['console', ([server]) => ['console', server]],
  ['verify', ([first, second]) => ['verify', '--server', first, '--server', second, '--wait', '100ms']],
  ['diff', ([first, second]) => ['diff', first, second]],
  ['dump', ([server]) => ['dump', server, '-o', join(state, 'items.dump')]],
  ['sync', ([first, second]) => ['sync', first, second]],
  ['copy', ([first, second]) => ['copy', first, second]],
  ['top', ([server]) => ['top', server, '--interval', '100ms']],
  ['top --json', ([server]) => ['top', server, '--interval', '100ms', '--json']],
  ['top --once', ([server]) => ['top', server, '--once', '--interval', '100ms']],
  ['drill --list', () => ['drill', '--list']],
  ['profiles', () => ['profiles']],
  ['runs', () => ['runs']],
  ['doctor', () => ['doctor']],
  ['up', () => ['up', 'single']],
]

test.each(commands)('%s says so in one line and fails', async (_, args) => {
  const servers = await Promise.all([startEmbedded(), startEmbedded()])
  const [first, second] = servers.map(({address}) => formatAddress(address))
  const {code, stderr} = await run(args([first!, second!]), 'version\r\n')
  expect(stderr.split('\n').filter(line => line.startsWith('repbench:'))).toEqual([PROBLEM.trimEnd()])
  expect(code).toBe(1)
})

test('a load is saved before', async () => {
  const {address} = await startEmbedded()
  const {code, stderr} = await run(['load', '--server', formatAddress(address), '--duration', '100ms'])
  expect(stderr).toMatch(/^saved to .*\.json \(run 1 of the history\)$/m)
  expect(code).toBe(1)
  expect(await readdir(join(state, 'repbench', 'runs'))).toHaveLength(1)
})

test('a failed assertion stays one, and a usage error, too', async () => {
  const {address} = await startEmbedded()
  const words = ['load', '--server', formatAddress(address), '--duration', '100ms', '--assert', 'errors==1']
  expect((await run(words)).code).toBe(1)
  expect(await run(['load', '--nonsense'])).toMatchObject({code: 2, stderr: expect.not.stringContaining('stdout')})
})
