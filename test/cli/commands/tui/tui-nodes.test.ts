import {mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterEach, describe, expect, it, onTestFinished} from 'vitest'
import {formatAddress} from '../../../../src/protocol/address.js'
import {markField} from '../../../helpers/mark-field.js'
import {startMemcached} from '../../../helpers/memcached.js'
import {binPath} from '../../../helpers/run-repbench.js'
import {keys, Terminal, type TerminalOptions} from '../../../helpers/tui-terminal.js'

const terminals: Terminal[] = []

function open(options?: TerminalOptions): Terminal {
  const terminal = new Terminal(options)
  terminals.push(terminal)
  return terminal
}

afterEach(async () => {
  await Promise.all(terminals.splice(0).map(terminal => terminal.close()))
})

async function openWithPair(options: TerminalOptions = {}): Promise<Terminal> {
  const terminal = open({args: ['--pair'], ...options})
  await terminal.until(/[●*] paired/)
  return terminal
}

/** Types a line to the node with the input, and waits until it has been sent. */
async function typeLine(terminal: Terminal, line: string): Promise<void> {
  terminal.type(line)
  await terminal.until(text => text.split('\n').some(row => row.includes(`> ${line}`)))
  terminal.type(keys.enter)
  await terminal.until(/│ (m1|s1)( data)?> +│/)
}

describe('what the Nodes screen shows of a node', () => {
  it('is what its clients do, without our own looking for writes that cross', async () => {
    const terminal = await openWithPair()
    const rates = (node: string) =>
      new RegExp(`${node} +embedded +\\S+ +up +paired \\w+ +(\\d+) +(\\S+)`).exec(terminal.text())?.slice(1)
    terminal.type('3')
    await terminal.until('│ m1>')
    for (const key of ['a', 'b', 'c', 'd', 'e']) {
      await typeLine(terminal, `set ${key} 0 0 1`)
      await typeLine(terminal, '1')
      await terminal.until(`✓ ${key} same as m1`)
    }
    terminal.type(`${keys.esc}1`)
    // Nothing was read; what was written on the master is no command on the slave.
    await terminal.until(() => Number(rates('m1')?.[0]) > 0 && rates('s1') !== undefined)
    expect([rates('m1')?.[1], rates('s1')]).toEqual(['–', ['0', '–']])
    await terminal.until(/lag +m1→s1 +(<0\.01|\d+\.\d\d?|\d+) ms/)
  }, 60_000)
})

describe('the check by hand', () => {
  it('goes both ways, typed into two consoles', async () => {
    const terminal = await openWithPair()
    terminal.type('3')
    await terminal.until(text => (text.match(/Escape character is '\^]'\./g) ?? []).length === 2)
    const greeting = terminal.text()
    expect(greeting).toMatch(/Trying 127\.0\.0\.1\.\.\. +││ Trying 127\.0\.0\.2\.\.\./)
    expect(greeting).toMatch(/Connected to 127\.0\.0\.1\. +││ Connected to 127\.0\.0\.2\./)
    await typeLine(terminal, 'set key1 0 0 3')
    await typeLine(terminal, '111')
    await terminal.until(/✓ key1 same as m1, \d+\.\d ms after STORED/)
    await typeLine(terminal, 'get key2')
    terminal.type(keys.tab)
    await terminal.until('│ s1>')
    await typeLine(terminal, 'get key1')
    await terminal.until(/││ VALUE key1 0 3 [\s\S]*││ 111 [\s\S]*││ END/)
    await typeLine(terminal, 'set key2 0 0 3')
    await typeLine(terminal, '222')
    await terminal.until(/✓ key2 same as s1/)
    await typeLine(terminal, 'set key3 0 0 4')
    await typeLine(terminal, '3333')
    await terminal.until(/✓ key3 same as s1/)
    terminal.type(keys.tab)
    await terminal.until('│ m1>')
    await typeLine(terminal, 'get key2')
    await typeLine(terminal, 'get key3')
    await terminal.until(/│ VALUE key2 0 3 [\s\S]*│ 222 [\s\S]*│ VALUE key3 0 4 [\s\S]*│ 3333 /)
    await typeLine(terminal, 'set key5 0 0 5')
    await typeLine(terminal, '99999')
    terminal.type(keys.ctrl('v'))
    await terminal.until(/key5 is the same on m1, s1: 5 bytes, flags 0/)
    await typeLine(terminal, 'set key6 0 0 1')
    await typeLine(terminal, 'toolong')
    await terminal.until('CLIENT_ERROR bad data chunk')
    terminal.type('? CLIENT_ERROR bad data chunk\r')
    await terminal.until(/What this line means[\s\S]*another length/)
  })
})

describe('a connection', () => {
  it('is lost with its node, says so, and is there again with it', async () => {
    const terminal = await openWithPair()
    terminal.type('3')
    await terminal.until(text => (text.match(/Connected to/g) ?? []).length === 2)
    terminal.type(`${keys.esc}`)
    await terminal.until('enter to type')
    terminal.type('1')
    await terminal.until('[1 Nodes]')
    terminal.type('x')
    await terminal.until('[> No ]')
    terminal.type('y')
    await terminal.until(/m1 .*DEAD/)
    terminal.type('3')
    await terminal.until(/Connection closed by foreign host\.[\s\S]*/)
    await terminal.until(/> m1 .* LOST 00:\d\d/)
    terminal.type(keys.esc)
    await terminal.until('enter to type')
    terminal.type('1r')
    await terminal.until(/m1 .* up .*paired/)
    terminal.type('3')
    await terminal.until(/✓ connected again after \d+\.\d s/)
  })
})

describe('nodes', () => {
  it('show their slab classes, live', async () => {
    const terminal = await openWithPair()
    terminal.type('3')
    await terminal.until(text => (text.match(/Connected to/g) ?? []).length === 2)
    await typeLine(terminal, 'set a 0 0 1')
    await typeLine(terminal, 'x')
    await terminal.until('STORED')
    terminal.type(keys.esc)
    await terminal.until('enter to type')
    terminal.type('1s')
    await terminal.until(/Slab classes of m1[\s\S]*# +Item_Size +Max_age[\s\S]*1 +96B/)
    terminal.type(keys.tab)
    await terminal.until(/Slab classes of s1[\s\S]*1 +96B/)
    terminal.type(keys.esc)
    await terminal.until('[1 Nodes]')
  })

  it('that run already are attached, looked at, and detached', async () => {
    const {address} = await startMemcached()
    const terminal = open()
    await terminal.until('No nodes yet')
    terminal.type('a')
    await terminal.until('Attach to running nodes')
    terminal.type(`${formatAddress(address)}${keys.enter}`)
    await terminal.until(new RegExp(`> ${address.host}:${address.port}.* up `))
    terminal.type(keys.enter)
    await terminal.until(/Details of [\s\S]*started by somebody else/)
    terminal.type(keys.esc)
    await terminal.until('Topology')
    terminal.type('d')
    await terminal.until('[> No ]')
    terminal.type('y')
    await terminal.until('No nodes yet')
  })

  it('are launched by a form, under the rules of the command line', async () => {
    const terminal = open()
    await terminal.until('No nodes yet')
    terminal.type('N')
    await terminal.until('Launch nodes')
    terminal.type('s')
    await terminal.until('‹ single ›')
    await markField(terminal, 'memory')
    terminal.type('0')
    await terminal.until(/memory.*Expected megabytes/)
    terminal.type(`${keys.ctrl('u')}32${keys.enter}`)
    await terminal.until(/n1 .* up /)
    terminal.type(keys.enter)
    await terminal.until(/command [\s\S]*-m 32/)
  })
})

/** Connections that did so, as the marks of a run tell: on a machine that stands still in between, in several parts. */
function switched(text: string, what: string): number {
  return [...text.matchAll(new RegExp(`(\\d+) connections? ${what}`, 'g'))].reduce(
    (sum, [, count]) => sum + Number(count),
    0,
  )
}

describe('the master killed during a load', () => {
  it('shows errors, the failover and the resync', async () => {
    const cwd = mkdtempSync(join(tmpdir(), 'repbench-test-'))
    onTestFinished(() => rmSync(cwd, {recursive: true}))
    writeFileSync(join(cwd, 'away.yaml'), 'extends: smoke\nduration: 1m\nfailover: true\n')
    const terminal = await openWithPair({cwd, columns: 120, rows: 40})
    terminal.type('2')
    await terminal.until('away.yaml')
    terminal.type('j'.repeat(20))
    await terminal.until('> ./away.yaml')
    terminal.type('b')
    await terminal.until(/Run #1 \S+ RUNNING/)
    terminal.type('1')
    await terminal.until('[1 Nodes]')
    terminal.type('x')
    await terminal.until('[> No ]')
    terminal.type('y')
    await terminal.until(/m1 .*DEAD[\s\S]*killed by the operator/)
    await terminal.until('1 of 2 up')
    terminal.type('2')
    await terminal.until(/Run #1 \S+ RUNNING[\s\S]*errors \d+/)
    await terminal.until(text => switched(text, 'failed over') === 10)
    terminal.type('1')
    await terminal.until('[1 Nodes]')
    terminal.type('r')
    await terminal.until(/m1 .* paired slave[\s\S]*s1 .* paired master/)
    await terminal.until(/m1 +linked as slave, full sync received/)
    terminal.type('2')
    await terminal.until(text => switched(text, 'failed back') === 10)
  })
})

describe('an exception on the thread of the consoles', () => {
  it('is told in the panes, and the next line opens them again', async () => {
    const body = `import {isMainThread, parentPort} from "node:worker_threads"
if (!isMainThread) parentPort?.on("message", message => { if (message.line === "boom") throw new Error("boom") })`
    const preload = `data:text/javascript,${encodeURIComponent(body)}`
    const terminal = await openWithPair({command: [process.execPath, '--import', preload, binPath, '--pair']})
    terminal.type('3')
    await terminal.until(text => (text.match(/Connected to/g) ?? []).length === 2)
    terminal.type(`boom${keys.enter}`)
    await terminal.until(/The console failed: Error: boom[\s\S]*/)
    terminal.type(`version${keys.enter}`)
    await terminal.until('VERSION 1.4.13')
    terminal.type(keys.ctrl('c'))
    expect(await terminal.exit).toMatchObject({exitCode: 130})
    expect(terminal.inAlternateScreen).toBe(false)
  })
})

describe('the window', () => {
  it('may change its size a hundred times', async () => {
    const terminal = await openWithPair()
    terminal.type('3')
    await terminal.until('Connected to')
    for (let index = 0; index < 100; index += 1) terminal.resize(40 + ((index * 37) % 160), 10 + ((index * 13) % 50))
    terminal.resize(100, 30)
    const shown = await terminal.until(text => text.split('\n').some(line => line === `└${'─'.repeat(98)}┘`))
    await terminal.until(/\[3 Console][\s\S]*m1>[\s\S]*enter send/)
    expect(shown.split('\n')).toHaveLength(30)
  })

  it('may shrink and grow again at once, after which nothing is missing', async () => {
    const terminal = await openWithPair()
    terminal.type('3')
    await terminal.until('Escape character')
    // A terminal that forgets what is beyond its edge: the size is as before, and yet the picture is gone.
    const erased = terminal.written.length
    terminal.resize(70, 20)
    terminal.resize(100, 30)
    await terminal.until(() => terminal.written.slice(erased).includes('\u001B[2J'))
    await terminal.until(text => /^ repbench .*\[3 Console].*paired$/.test(text.split('\n')[0] ?? ''))
    await terminal.until(text => text.split('\n').some(line => line === `└${'─'.repeat(98)}┘`))
  })

  it('of the console of Linux gets only what its font has', async () => {
    const terminal = await openWithPair({env: {TERM: 'linux'}})
    await terminal.until('* paired')
    expect(terminal.written).not.toMatch(/[●▁▂▃▅▆▇╭╮╰╯✓✖…–]/u)
  })
})

describe('the shell', () => {
  it('gets the terminal on Ctrl-Z, and gives it back on fg', async () => {
    const terminal = open({
      command: ['bash', '--norc', '--noprofile', '-i'],
      env: {PS1: 'shell> '},
    })
    await terminal.until('shell> ')
    terminal.type(`${process.execPath} ${binPath} --pair\r`)
    await terminal.until('● paired')
    terminal.type(keys.ctrl('z'))
    // Bash announces the stop first, and asks for bracketed paste only with its prompt.
    await terminal.until(/Stopped[\s\S]*\nshell> /)
    expect(terminal.inAlternateScreen).toBe(false)
    expect(terminal.inBracketedPaste).toBe(true)
    terminal.resize(90, 28)
    terminal.type('echo back in the shell\r')
    await terminal.until(/\nback in the shell/)
    terminal.type('fg\r')
    await terminal.until(/\[1 Nodes][\s\S]*q quit/)
    expect(terminal.inAlternateScreen).toBe(true)
    await terminal.until(text => text.split('\n').some(line => line.startsWith(`└${'─'.repeat(88)}┘`)))
    terminal.type('3')
    await terminal.until('[3 Console]')
    terminal.type(`${keys.esc}`)
    await terminal.until('enter to type')
    terminal.type('q')
    await terminal.until('[> No ]')
    terminal.type('y')
    await terminal.until(text => text.trimEnd().endsWith('shell>'))
    expect(terminal.inAlternateScreen).toBe(false)
  })
})
