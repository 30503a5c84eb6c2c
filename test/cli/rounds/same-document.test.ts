import {mkdtemp, readdir, readFile, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {expect, onTestFinished, test} from 'vitest'
import {drills} from '../../../src/engine/drills/each/registry.js'
import {formatAddress} from '../../../src/protocol/address.js'
import {importBuilt} from '../../helpers/import-built.js'
import {startLinkedPair} from '../../helpers/linked-pair.js'
import {runRepbench} from '../../helpers/run-repbench.js'

type Ports = typeof import('../../../src/cli/ui-host/ports.js')
type Document = Readonly<Record<string, unknown>>

/** What was asked for, which is the same from both; the rest is what was measured. */
const asked = ['schema', 'command', 'version', 'plan', 'topology', 'nodes', 'target', 'targets', 'seed', 'clients']

/** A document without what differs from run to run: a figure (none where too little was measured), texts, lengths of lists. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return 'list'
  if (value === null || typeof value === 'number') return 'figure'
  if (typeof value !== 'object') return typeof value
  return Object.fromEntries(Object.entries(value).map(([key, of]) => [key, shapeOf(of)]))
}

function comparable(document: Document) {
  const {assertions, ...rest} = document
  return {
    ...(shapeOf(rest) as object),
    ...Object.fromEntries(asked.filter(name => name in document).map(name => [name, document[name]])),
    assertions: (assertions as {expr: string}[]).map(({expr}) => expr),
  }
}

async function open() {
  const state = await mkdtemp(join(tmpdir(), 'repbench-hosts-'))
  onTestFinished(() => rm(state, {recursive: true}))
  const {master, slave} = await startLinkedPair()
  const env = {...process.env, XDG_STATE_HOME: state}
  const {createUiPorts} = await importBuilt<Ports>('cli/ui-host/ports.js')
  const {version} = JSON.parse(await readFile(new URL('../../../package.json', import.meta.url), 'utf8'))
  const ports = createUiPorts({env, version}, {servers: [master, slave]})
  onTestFinished(() => ports.close())
  const repbench = async (...args: readonly string[]): Promise<Document> => {
    const servers = [master, slave].flatMap(address => ['--server', formatAddress(address)])
    const {stdout} = await runRepbench([...args, ...servers, '--json'], {env: {XDG_STATE_HOME: state}})
    return JSON.parse(stdout.toString())
  }
  const newest = async (kind: 'runs' | 'drills'): Promise<Document> => {
    const directory = join(state, 'repbench', kind)
    const names = (await readdir(directory)).filter(name => name.endsWith('.json')).sort()
    return JSON.parse(await readFile(join(directory, names.at(-1)!), 'utf8'))
  }
  return {ports, repbench, newest, servers: [master, slave].map(formatAddress).join(' ')}
}

test('a load asked for on the command line and on the screen gives the same document', async () => {
  const {ports, repbench, newest} = await open()
  const ofCommand = await repbench(
    ...['load', '--profile', 'seed', '--rate', '500', '--duration', '300ms', '--keys', '100', '--verify'],
    ...['--lag-probe', '--assert', 'errors==0', '--assert', 'p99<60s'],
  )
  const {finished} = ports.startRun({
    profile: 'seed',
    given: {rate: '500', duration: '300ms', keys: '100', verify: 'on', assert: 'errors==0 p99<60s'},
    node: ports.nodes()[0]!,
    lagProbe: true,
    onSnapshot() {},
  })
  expect(await finished).toMatchObject({verdict: ofCommand.verdict, comparison: expect.stringContaining('vs run #1')})
  expect(comparable(await newest('runs'))).toEqual(comparable(ofCommand))
})

test('a drill asked for on the command line and on the screen gives the same document', async () => {
  const {ports, repbench, newest, servers} = await open()
  // Assertions of the command line replace all of the drill's own.
  const {assertions} = drills.find(({name}) => name === 'calm')!
  const noOthers = Object.fromEntries(assertions.map((_, index) => [`assertion-${index + 3}`, 'off']))
  const times = {before: '300ms', hold: '100ms', settle: '10s', after: '200ms', keys: '200', rate: '500', seed: '5'}
  const ofCommand = await repbench(
    ...['drill', 'calm', '--assert', 'paired', '--assert', 'lost==0'],
    ...Object.entries(times).flatMap(([name, value]) => [`--${name}`, value]),
  )
  const {finished} = ports.drills.start({
    drill: 'calm',
    given: {...times, servers, 'assertion-1': 'paired', 'assertion-2': 'lost==0', ...noOthers},
    onStep() {},
    onSnapshot() {},
    onRound() {},
  })
  expect((await finished).verdict).toBe(ofCommand.verdict)
  expect(comparable(await newest('drills'))).toEqual(comparable(ofCommand))
})
