import {mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterAll, beforeAll, describe, expect, it} from 'vitest'
import {binPath, type RunResult, runRepbench} from '../../helpers/run-repbench.js'
import {hazardsIn, hostileText, hostileWord, MARK} from '../../helpers/terminal-hazards.js'
import {keys, Terminal} from '../../helpers/tui-terminal.js'
import {type EscapeServer, startEscapeServer} from '../../instruments/escape-server.js'

/** The longest line that anybody may have to read: an error with what was quoted. */
const LINE_MOST = 1500

/** A line ends with it. */
const spoken = hostileText.replaceAll('\r', '')

let directory = ''
/** A run of the history that is full of it. */
let kept = ''
const servers: EscapeServer[] = []
const addresses: string[] = []

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'repbench-test-'))
  const kinds = [
    {stores: true, more: 300},
    {stores: false, more: 0},
    {stores: true, more: 8192},
  ]
  for (const {stores, more} of kinds) {
    const server = await startEscapeServer({text: `${spoken}${'A'.repeat(more)}`, stores})
    servers.push(server)
    addresses.push(`127.0.0.1:${server.port}`)
  }
  writeFileSync(join(directory, `${hostileWord}.yaml`), profileOf({}))
  writeFileSync(join(directory, 'key.yaml'), profileOf({[hostileText]: 1}))
  writeFileSync(join(directory, 'value.yaml'), profileOf({rate: hostileText}))
  writeFileSync(join(directory, 'long.yaml'), profileOf({rate: 'A'.repeat(8192)}))
  writeFileSync(join(directory, 'broken.yaml'), `{ ${hostileText}: [`)
  await makeHistory()
})

afterAll(async () => {
  await Promise.all(servers.map(server => server.close()))
  rmSync(directory, {recursive: true})
})

function profileOf(settings: Record<string, unknown>): string {
  return JSON.stringify({extends: 'smoke', duration: '1s', ...settings})
}

const quickly = ['--before', '500ms', '--hold', '200ms', '--settle', '1s', '--after', '500ms']

const env = () => ({XDG_STATE_HOME: join(directory, 'state'), NO_COLOR: '1'})

/** A run and a drill with hostile words in them, and files of hostile names that are neither. */
async function makeHistory(): Promise<void> {
  await runRepbench(['load', '--server', addresses[0]!, '--duration', '1s', '--profile', 'smoke'], {env: env()})
  const {stdout} = await runRepbench(['runs', '--json'], {env: env()})
  kept = JSON.parse(stdout.toString()).runs[0].path
  const document = JSON.parse(readFileSync(kept, 'utf8'))
  document.plan.name = `${hostileText}${'A'.repeat(8192)}`
  document.operations.errors = {[hostileText]: 3}
  document.topology.name = hostileText
  writeFileSync(kept, JSON.stringify(document))
  const runs = join(directory, 'state/repbench/runs')
  const drills = join(directory, 'state/repbench/drills')
  mkdirSync(drills, {recursive: true})
  for (const where of [runs, drills]) {
    writeFileSync(join(where, `2026-11-28T10-00-00.000Z-${hostileWord}.json`), '{')
    writeFileSync(
      join(where, `2026-11-28T10-00-01.000Z-line\nend ${hostileWord}.json`),
      JSON.stringify({schema: hostileText}),
    )
  }
}

/** A document may have longer lines: a histogram is one. */
function expectSafe({stdout, stderr}: RunResult, {isDocument}: {isDocument: boolean}): void {
  expect(hazardsIn(stdout.toString())).toEqual([])
  expect(hazardsIn(stderr)).toEqual([])
  const forPeople = isDocument ? stderr : `${stdout}\n${stderr}`
  for (const line of forPeople.split('\n')) expect(line.length).toBeLessThan(LINE_MOST)
}

describe('a command prints no control character of', () => {
  /** What it talks to or reads, by the server's place: 0 and 2 store, 1 refuses. */
  const commands: readonly (readonly [name: string, args: () => readonly string[]])[] = [
    ['a server: load', () => ['load', '--server', addresses[1]!, '--profile', 'smoke', '--duration', '1s']],
    [
      'a server: load, JSON',
      () => ['load', '--server', addresses[1]!, '--profile', 'smoke', '--duration', '1s', '--json'],
    ],
    [
      'a server: load --verify',
      () => ['load', '--server', addresses[0]!, '--duration', '1s', '--profile', 'smoke', '--verify'],
    ],
    [
      'a server: mcperf',
      () => ['mcperf', '-s', '127.0.0.1', '-p', addresses[1]!.split(':')[1]!, '-n', '1', '-N', '5', '-v', '11'],
    ],
    ['a server: memslap', () => ['memslap', '--servers', addresses[1]!, '--execute-number', '10']],
    ['a server: memslap get', () => ['memslap', '--servers', addresses[0]!, '--execute-number', '10', '--test', 'get']],
    ['a server: verify', () => ['verify', '--server', addresses[0]!, '--server', addresses[2]!, '--wait', '100ms']],
    [
      'a server: verify, JSON',
      () => ['verify', '--server', addresses[1]!, '--server', addresses[2]!, '--wait', '100ms', '--json'],
    ],
    ['a server: diff', () => ['diff', addresses[0]!, addresses[2]!]],
    ['a server: diff, JSON', () => ['diff', addresses[0]!, addresses[2]!, '--json']],
    ['a server: dump, text', () => ['dump', addresses[0]!, '--text', '-o', '-']],
    ['a server: sync, text', () => ['sync', addresses[0]!, addresses[2]!, '--yes']],
    ['a server: copy, JSON', () => ['copy', addresses[0]!, addresses[2]!, '--json']],
    ['a server: top', () => ['top', '--once', addresses[0]!]],
    ['a server: top --slabs', () => ['top', '--once', '--slabs', addresses[0]!]],
    ['a server: top, JSON', () => ['top', '--once', '--slabs', '--json', addresses[0]!]],
    ['a server: top --pair', () => ['top', '--once', '--pair', addresses[0]!, addresses[2]!]],
    [
      'a server: drill',
      () => ['drill', 'calm', '--keys', '100', ...quickly, '--server', addresses[0]!, '--server', addresses[2]!],
    ],
    [
      'a server: compare',
      () => [
        'compare',
        '--server',
        addresses[0]!,
        '--server',
        addresses[1]!,
        '--pairs',
        '2',
        '--duration',
        '1s',
        '--profile',
        'smoke',
      ],
    ],
    ['the history: runs', () => ['runs']],
    ['the history: runs, JSON', () => ['runs', '--json']],
    ['the history: compare', () => ['compare', kept, kept]],
    ['the history: compare, JSON', () => ['compare', kept, kept, '--json']],
    ['the history: compare, no run', () => ['compare', '1', '2']],
    ['a profile', () => ['profiles', join(directory, `${hostileWord}.yaml`)]],
    ['a profile, JSON', () => ['profiles', join(directory, `${hostileWord}.yaml`), '--json']],
    ...['key', 'value', 'long', 'broken', 'none'].map(
      name => [`a profile with a mistake: ${name}`, () => ['profiles', join(directory, `${name}.yaml`)]] as const,
    ),
    ['a profile: load', () => ['load', '--profile', join(directory, `${hostileWord}.yaml`), '--server', addresses[0]!]],
    ['the command line: a command', () => [hostileWord]],
    ['the command line: an option', () => [`--${hostileWord}`]],
    ['the command line: a server', () => ['top', '--once', hostileWord]],
    ['the command line: a file', () => ['load', '--out', join(directory, hostileWord, 'x.json')]],
    ['the command line: a run', () => ['compare', hostileWord, '1']],
    ['the command line: a program', () => ['doctor', '--memcached-bin', hostileWord]],
    ['the command line: a program, JSON', () => ['doctor', '--memcached-bin', hostileWord, '--json']],
    ['the command line: a node', () => ['node', '-l', hostileWord]],
    ['the command line: nodes', () => ['up', 'single', '--backend', 'memcached', '--memcached-bin', hostileWord]],
  ]

  it.each(commands)('%s', async (_, args) => {
    const result = await runRepbench(args(), {env: env()})
    const isDocument = args().includes('--json')
    expectSafe(result, {isDocument})
    if (isDocument) expect(JSON.parse(result.stdout.toString())).toBeTypeOf('object')
  })

  it('a server: console, in telnet’s own lines; a program gets the bytes', async () => {
    const {stdout, stderr} = await runRepbench(['console', addresses[1]!], {input: 'version\r\nget a\r\nnonsense\r\n'})
    expect(hazardsIn(stderr)).toEqual([])
    expect(stdout.toString()).toContain(spoken)
  })
})

describe('on a terminal', () => {
  const terminals: Terminal[] = []
  afterAll(() => Promise.all(terminals.map(terminal => terminal.close())))
  const open = (args: readonly string[]) => {
    const terminal = new Terminal({args, env: {XDG_STATE_HOME: join(directory, 'state')}})
    terminals.push(terminal)
    return terminal
  }

  it('the screens show what servers and the history say, without its control characters', async () => {
    const terminal = open(['--server', addresses[0]!, '--server', addresses[1]!])
    await terminal.until(/Nodes 2/)
    await terminal.until(addresses[0]!)
    terminal.type('s')
    await terminal.until(/Slab classes/)
    terminal.type(`${keys.esc}3`)
    await terminal.until('CONNECTED')
    terminal.type(`version${keys.enter}nonsense${keys.enter}`)
    await terminal.until(new RegExp(`CLIENT_ERROR .*${MARK}`))
    terminal.type(`${keys.esc}4h`)
    await terminal.until(MARK)
    terminal.type('5')
    await terminal.until('enter opens the report')
    terminal.type('G')
    await terminal.until(/> +1 {2}/)
    terminal.type(keys.enter)
    await terminal.until(/cannot be read/)
    terminal.type(keys.esc)
    terminal.type('q')
    await terminal.exit
    expect(hazardsIn(terminal.written, {draws: true})).toEqual([])
  })

  it('the console through a pipe shows text', async () => {
    const piped = new Terminal({
      command: [
        '/bin/sh',
        '-c',
        `printf 'version\\r\\nget a\\r\\nquit\\r\\n' | "$0" "$@"`,
        process.execPath,
        binPath,
        'console',
        addresses[0]!,
      ],
    })
    terminals.push(piped)
    await piped.exit
    expect(piped.written).toContain(MARK)
    expect(hazardsIn(piped.written, {draws: true})).toEqual([])
  })

  it('the live table of top and the console draw over their own lines only', async () => {
    const top = open(['top', '--slabs', addresses[0]!, addresses[1]!])
    await top.until('q ends')
    top.type('q')
    await top.exit
    const console = open(['console', addresses[1]!])
    await console.until('Escape character')
    console.type(`version${keys.enter}`)
    await console.until(MARK)
    console.type(keys.ctrl('d'))
    await console.exit
    for (const {written} of [top, console]) expect(hazardsIn(written, {draws: true})).toEqual([])
  })
})
