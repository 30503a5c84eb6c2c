import {connect} from 'node:net'
import {text} from 'node:stream/consumers'
import {afterEach, describe, expect, it} from 'vitest'
import {formatAddress} from '../../../../src/protocol/address.js'
import {ask} from '../../../helpers/ask.js'
import {descendantsOf, expectCleanEnd} from '../../../helpers/clean-end.js'
import {startMemcached} from '../../../helpers/memcached.js'
import {childrenOf, isAlive} from '../../../helpers/processes.js'
import {runRepbench} from '../../../helpers/run-repbench.js'
import {keys, Terminal, type TerminalOptions} from '../../../helpers/tui-terminal.js'
import {waitFor} from '../../../helpers/wait-for.js'

const terminals: Terminal[] = []

function open(options?: TerminalOptions): Terminal {
  const terminal = new Terminal(options)
  terminals.push(terminal)
  return terminal
}

afterEach(async () => {
  await Promise.all(terminals.splice(0).map(terminal => terminal.close()))
})

async function openWithPair(options: TerminalOptions = {}): Promise<{terminal: Terminal; children: number[]}> {
  const terminal = open({args: ['--pair'], ...options})
  await terminal.until('● paired')
  const children = descendantsOf(terminal.pid)
  expect(children.length).toBeGreaterThanOrEqual(2)
  return {terminal, children}
}

/** Pipelines sets of half a kilobyte, and resolves when the last one is answered. */
async function writeSets(port: number, count: number): Promise<void> {
  const socket = connect({host: '127.0.0.1', port})
  const value = 'v'.repeat(500)
  for (let index = 0; index < count; index += 1) socket.write(`set k${index} 0 0 500 noreply\r\n${value}\r\n`)
  socket.end('version\r\n')
  await text(socket)
}

describe('opening', () => {
  it('launches nothing, says what to press, and leaves at once on q', async () => {
    const terminal = open()
    await terminal.until(/n\s+launches an embedded/)
    expect(terminal.inAlternateScreen).toBe(true)
    expect(childrenOf(terminal.pid)).toEqual([])
    terminal.type('q')
    await expectCleanEnd(terminal, [], 0)
  })

  it('says in one line what it needs where there is no terminal', async () => {
    const {code, stdout, stderr} = await runRepbench([])
    expect(code).toBe(2)
    expect(stdout.toString()).toBe('')
    expect(stderr).toMatch(/^repbench: the UI needs a terminal: stdin is not a TTY; use repbench up, load.*\n$/)
  })

  it('does not try a dumb terminal', async () => {
    const terminal = open({env: {TERM: 'dumb'}})
    expect(await terminal.exit).toMatchObject({exitCode: 2})
    expect(terminal.text()).toContain('the UI needs a terminal: TERM is dumb')
    expect(terminal.written).not.toContain('\u001B')
  })

  it('paints also where CI is set', async () => {
    await open({env: {CI: 'true'}}).until('No nodes yet')
  })

  it.each<[string, TerminalOptions]>([
    ['NO_COLOR', {env: {NO_COLOR: '1'}}],
    ['--theme mono', {args: ['--pair', '--theme', 'mono']}],
    ['NO_COLOR and a theme', {env: {NO_COLOR: '1'}, args: ['--pair', '--theme', 'light']}],
  ])('emits no colour with %s', async (_, options) => {
    const {terminal} = await openWithPair(options)
    terminal.type('x')
    await terminal.until('[> No ]')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are what is looked for
    const codes = [...terminal.written.matchAll(/\u001B\[([\d;]*)m/g)].flatMap(match =>
      match[1]!.split(';').map(Number),
    )
    expect(codes.filter(code => (code >= 30 && code <= 48) || (code >= 90 && code <= 107))).toEqual([])
  })
})

describe('a wrong command line', () => {
  it.each([
    [['xyzzy'], "repbench: unknown command 'xyzzy'; see repbench --help\n"],
    [['laod', '--profile', 'seed'], "repbench: unknown command 'laod'; did you mean load?; see repbench --help\n"],
    [
      ['--pair', '--readonly'],
      "repbench: option '--pair' cannot be used with option '--readonly'; see repbench --help\n",
    ],
    [['load', 'smoke'], "repbench: Expected only options after load, got 'smoke'; say repbench load --profile smoke\n"],
    [
      ['load', './mine.yaml', '--rate', '1k'],
      "repbench: Expected only options after load, got './mine.yaml'; say repbench load --profile ./mine.yaml\n",
    ],
    [
      ['baseline', 'sede'],
      "repbench: Expected only options after baseline, got 'sede'; say repbench baseline --profile seed\n",
    ],
    [
      ['load', '127.0.0.1:11211'],
      "repbench: Expected only options after load, got '127.0.0.1:11211'; see repbench load --help\n",
    ],
    [['--pear'], "repbench: unknown option '--pear'; did you mean --pair?; see repbench --help\n"],
  ])('%j gets one line', async (args, message) => {
    expect(await runRepbench(args)).toMatchObject({code: 2, stderr: message})
  })
})

describe('a pair', () => {
  it('is launched with one key, replicates what is typed, and ends with the program', async () => {
    const terminal = open()
    await terminal.until('No nodes yet')
    terminal.type('n')
    await terminal.until(/m1 .* up .*paired master[\s\S]*s1 .* up .*paired slave/)
    const children = descendantsOf(terminal.pid)
    terminal.type('3')
    await terminal.until(text => (text.match(/Connected to/g) ?? []).length === 2)
    terminal.type(`set key1 0 0 3${keys.enter}`)
    await terminal.until('3 data bytes next')
    terminal.type(`111${keys.enter}`)
    await terminal.until(/STORED\s+\d+\.\d+ ms/)
    terminal.type(`${keys.tab}get key1${keys.enter}`)
    await terminal.until(/│ VALUE key1 0 3[\s\S]*│ 111[\s\S]*│ END\s+\d+\.\d+ ms/)
    terminal.type(keys.esc)
    await terminal.until('enter to type')
    terminal.type('q')
    await terminal.until('[> No ]')
    terminal.type('y')
    await expectCleanEnd(terminal, children, 0)
  })

  it('takes a paste of several commands', async () => {
    const {terminal} = await openWithPair()
    terminal.type('c')
    await terminal.until('Connected to')
    terminal.type(keys.paste('set a 0 0 1\r\nx\r\nget a\r\n'))
    await terminal.until(/STORED[\s\S]*VALUE a 0 1[\s\S]*END/)
  })

  it('loses its master only after a yes, and takes it back', async () => {
    const {terminal, children} = await openWithPair()
    terminal.type('x')
    await terminal.until('[> No ]')
    terminal.type(keys.enter)
    await terminal.until(text => !text.includes('[> No ]'))
    expect(children.every(isAlive)).toBe(true)
    terminal.type('x')
    await terminal.until('[> No ]')
    terminal.type('y')
    await terminal.until(/m1 .*DEAD[\s\S]*killed by the operator/)
    await terminal.until('1 of 2 up')
    await waitFor(() => expect(children.filter(isAlive)).toHaveLength(children.length - 1))
    terminal.type('r')
    await terminal.until(/m1 .* paired slave[\s\S]*s1 .* paired master/)
  })

  it('is loud when both nodes answer and nothing replicates', async () => {
    const {terminal} = await openWithPair()
    const slave = childrenOf(terminal.pid).find(({commandLine}) => commandLine.includes('-l 127.0.0.2'))
    const [, port] = /m1 .* 127\.0\.0\.1:(\d+)/.exec(terminal.text()) ?? []
    // A slave that stands still lets the master's queue run over, and the master drops the link.
    process.kill(slave!.pid, 'SIGSTOP')
    try {
      const overflown = terminal.until(/can't create Q_ITEM|queue/i)
      await writeSets(Number(port), 60_000)
      await overflown
    } finally {
      process.kill(slave!.pid, 'SIGCONT')
    }
    const shown = await terminal.until(/NOT PAIRED: m1 and s1 both answer, nothing replicates/)
    expect(shown.split('\n')[0]).toContain('NOT PAIRED')
  })

  it('is frozen and thawed, and its logs are read with a filter', async () => {
    const {terminal} = await openWithPair()
    terminal.type('z')
    await terminal.until(/m1 .* FROZEN[\s\S]*frozen by the operator/)
    await terminal.until('1 frozen')
    terminal.type('z')
    await terminal.until(/m1 .* up [\s\S]*thawed by the operator/)
    terminal.type('L')
    await terminal.until(/Log of m1[\s\S]*replication: accept/)
    terminal.type('/LISTEN')
    const filtered = await terminal.until(/Log of m1 {2}\/LISTEN +1 of \d+ lines/)
    expect(filtered).toContain('replication: listen')
    expect(filtered).not.toContain('replication: accept')
    terminal.type(`${keys.enter}${keys.tab}`)
    await terminal.until(/Log of s1 {2}\/LISTEN +0 of \d+ lines/)
    terminal.type('L')
    await terminal.until(/Log of s1[\s\S]*replication: start/)
  })

  it('stands beside other nodes, and a missing program is one line', async () => {
    const {terminal} = await openWithPair({env: {REPCACHED_BIN: '/nowhere/repcached'}})
    terminal.type(':single')
    await terminal.until(/> launch single/)
    terminal.type(keys.enter)
    await terminal.until(/n1 .* up /)
    terminal.type(':launch repcached')
    await terminal.until(/> launch repcached/)
    terminal.type(keys.enter)
    await terminal.until(/Expected REPCACHED_BIN to name repcached/)
    expect(terminal.text()).toMatch(/n1 .* up /)
  })

  it('is put under load, and the run is saved and summed up at the end', async () => {
    const {terminal, children} = await openWithPair()
    terminal.type('2')
    await terminal.until(/> smoke/)
    terminal.type('b')
    await terminal.until(/Run #1 smoke RUNNING/)
    await terminal.until(/Run #1 smoke ENDED pass[\s\S]*saved to .*\.json/)
    terminal.type(keys.ctrl('c'))
    await expectCleanEnd(terminal, children, 130)
    expect(terminal.text()).toMatch(/verdict\s+pass/)
  })
})

describe('running servers', () => {
  it('are watched, told not to be a pair, left alone, and run on', async () => {
    const nodes = [await startMemcached(), await startMemcached()]
    const terminal = open({args: nodes.flatMap(({address}) => ['--server', formatAddress(address)])})
    await terminal.until(/NOT PAIRED: .* both answer, nothing replicates/)
    terminal.type('x')
    await terminal.until('was not started by repbench')
    terminal.type('q')
    await expectCleanEnd(terminal, [], 0)
    for (const {address} of nodes) expect(await ask(address, 'version')).toContain('VERSION')
  })
})

async function chooseDrill(terminal: Terminal, name: string): Promise<void> {
  let shown = await terminal.until(/enter runs \S+ on/)
  while (!shown.includes(`enter runs ${name} `)) {
    const before = /enter runs \S+ /.exec(shown)?.[0] ?? ''
    terminal.type(keys.down)
    shown = await terminal.until(text => text.includes('enter runs') && !text.includes(before))
  }
}

describe('a drill', () => {
  it('is run from its screen: steps, the verdict, its place in the history; no node is left', async () => {
    const terminal = open()
    await terminal.until(/n\s+launches an embedded/)
    terminal.type('4')
    await chooseDrill(terminal, 'kill-slave')
    await terminal.until(/last time +never/)
    terminal.type(keys.enter)
    await terminal.until(/Drill #1 kill-slave RUNNING[\s\S]*✓ before/)
    const children = descendantsOf(terminal.pid)
    await terminal.until(/(PASS|FAIL|UNKNOWN) [\s\S]*✖ fault[\s\S]*Report/)
    await terminal.until(/saved to|more lines/)
    terminal.type('h')
    await terminal.until(/History of drills 1[\s\S]*> \d{4}-\d\d-\d\d [\d:]+ {2}kill-slave/)
    terminal.type(keys.enter)
    await terminal.until('drill kill-slave on pair')
    terminal.type(keys.ctrl('c'))
    await expectCleanEnd(terminal, children, 130)
  })

  it('leaves no node behind when the program ends under it', async () => {
    const terminal = open()
    await terminal.until(/n\s+launches an embedded/)
    terminal.type('4')
    await chooseDrill(terminal, 'kill-master')
    terminal.type(keys.enter)
    await terminal.until(/RUNNING[\s\S]*before/)
    const children = descendantsOf(terminal.pid)
    expect(children.length).toBeGreaterThanOrEqual(2)
    terminal.type('q')
    await terminal.until('A drill is running')
    terminal.type('y')
    await expectCleanEnd(terminal, children, 0)
  })
})

describe('the window', () => {
  it('may change its size both ways', async () => {
    const {terminal} = await openWithPair()
    await terminal.until('The pair is up')
    // Any key takes the notice away.
    terminal.type('k')
    for (const [columns, rows] of [
      [80, 24],
      [200, 60],
      [40, 10],
      [60, 15],
      [100, 30],
    ] as const) {
      terminal.resize(columns, rows)
      const last = columns < 60 ? 'Window too small' : `└${'─'.repeat(columns - 2)}┘`
      await terminal.until(text => text.split('\n').some(line => line.startsWith(last)))
      expect(terminal.lines()).toHaveLength(rows)
    }
    const lines = terminal.lines()
    expect(lines[0]).toMatch(/^ repbench \[1 Nodes]/)
    expect(lines.at(-1)).toMatch(/q quit$/)
  })
})
