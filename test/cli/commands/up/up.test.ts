import {type ChildProcess, spawnSync} from 'node:child_process'
import {once} from 'node:events'
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {createServer} from 'node:net'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {createInterface} from 'node:readline'
import {afterAll, afterEach, beforeAll, describe, expect, it} from 'vitest'
import {ask} from '../../../helpers/ask.js'
import {freePorts} from '../../../helpers/ports.js'
import {childrenOf, isAlive} from '../../../helpers/processes.js'
import {binPath, runRepbench, startRepbench} from '../../../helpers/run-repbench.js'

let directory = ''
const started: ChildProcess[] = []

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'repbench-up-'))
})

afterEach(async () => {
  for (const child of started.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue
    child.kill('SIGTERM')
    await once(child, 'exit')
  }
})

afterAll(() => rmSync(directory, {recursive: true, force: true}))

const env = () => ({XDG_STATE_HOME: join(directory, 'state'), XDG_RUNTIME_DIR: join(directory, 'run')})

/** `repbench up` whose lines can be waited for, one after the other. */
class Up {
  readonly child: ChildProcess
  readonly #lines: AsyncIterator<string>
  readonly seen: string[] = []

  constructor(args: readonly string[], from: 'stdout' | 'stderr' = 'stdout') {
    this.child = startRepbench(['up', ...args], env())
    started.push(this.child)
    this.#lines = createInterface({input: this.child[from]!})[Symbol.asyncIterator]()
    this.child[from === 'stdout' ? 'stderr' : 'stdout']!.resume()
  }

  /** The next line that matches. */
  async until(pattern: RegExp): Promise<string> {
    for (;;) {
      const {value, done} = await this.#lines.next()
      if (done) throw new Error(`Expected a line like ${pattern}, got an end after:\n${this.seen.join('\n')}`)
      this.seen.push(value)
      if (pattern.test(value)) return value
    }
  }

  say(line: string): void {
    this.child.stdin!.write(`${line}\n`)
  }

  async end(signal: NodeJS.Signals): Promise<number | null> {
    const ended = once(this.child, 'exit')
    this.child.kill(signal)
    await ended
    return this.child.exitCode
  }
}

/** The first of those that a topology may need. */
function portsOfUp(): Promise<number> {
  return freePorts(6, '127.0.0.1', '127.0.0.2')
}

describe('repbench up', () => {
  it('prints one line of JSON when all is up, and ends with its nodes', async () => {
    const port = await portsOfUp()
    const up = new Up(['memcached+pair', '--json', '--one-address', '--port', String(port), '--memory', '100'])
    const document = JSON.parse(await up.until(/./))
    expect(document).toMatchObject({
      schema: 'repbench.up/1',
      topology: 'memcached+pair',
      pid: up.child.pid,
      replicationPort: port + 1,
      nodes: [
        {name: 'm1', place: 'master', backend: 'embedded', address: `127.0.0.1:${port}`, link: 'paired'},
        {name: 's1', place: 'slave', backend: 'embedded', address: `127.0.0.1:${port + 2}`, link: 'paired'},
        {name: 'n1', place: 'alone', backend: 'memcached', address: `127.0.0.1:${port + 4}`, link: 'none'},
      ],
    })
    for (const node of document.nodes) {
      expect(node.commandLine).toContain('-m 100')
      expect(node.logFile).toMatch(new RegExp(`^${directory}.*/${node.name}\\.log$`))
    }
    const pids: number[] = document.nodes.map(({pid}: {pid: number}) => pid)
    expect(pids.every(isAlive)).toBe(true)
    expect(await up.end('SIGINT')).toBe(130)
    expect(pids.some(isAlive)).toBe(false)
  })

  it('says how to reach the nodes, tells what happens, and carries out commands', async () => {
    const up = new Up(['pair', '--commands', '--port', String(await portsOfUp())])
    await up.until(/^pair is up$/)
    await up.until(/^ {2}m1 {2}\$ .*repbench\.js node -v /)
    await up.until(/^Talk to it: {2}repbench console 127\.0\.0\.1:\d+$/)
    await up.until(/ s1 .*\[ready\]$/)
    up.say('kill s1')
    await up.until(/!! m1 {2}lost its replication link \[linkLost\]$/)
    await up.until(/→ Neither node reconnects\. Restart the stale one/)
    up.say('start s1')
    await up.until(/ s1 .*\[ready\]$/)
    up.say('freeze s1')
    await up.until(/s1 .*\[paused\]$/)
    up.say('thaw s1')
    await up.until(/s1 .*\[resumed\]$/)
    expect(await up.end('SIGTERM')).toBe(143)
  })

  it('says what is wrong with a command, and goes on', async () => {
    const up = new Up(['memcached', '--commands', '--json', '--port', String(await portsOfUp())], 'stderr')
    await up.until(/"kind":"ready"/)
    for (const line of ['explode n1', 'kill x9', 'start n1', 'status']) up.say(line)
    expect(await up.until(/explode/)).toMatch(/^Expected start, stop, kill, .* NODE, or status, got 'explode n1'$/)
    expect(await up.until(/x9/)).toBe("Expected a node (n1), got 'x9'")
    expect(await up.until(/cannot start/)).toBe('cannot start n1: it is up; stop it first')
    expect(await up.until(/^n1/)).toMatch(/^n1 {2}up, pid \d+, link none$/)
  })

  it('reproduces the third process, and explains it', async () => {
    const up = new Up(['pair', '--third', '--commands', '--port', String(await portsOfUp())])
    await up.until(/!! t1 {2}took the free replication port while m1 and s1 are linked \[thirdProcess\]$/)
    up.say('kill s1')
    await up.until(/!! m1 {2}cannot bind its replication port/)
    const held = process.platform === 'linux' ? /held by t1 \(pid \d+\), which is not its partner/ : /held by t1/
    expect(await up.until(/m1 .*\[thirdProcess\]$/)).toMatch(held)
    up.say('start s1')
    expect(await up.until(/t1 .*\[thirdProcess\]$/)).toContain('took a place in the pair')
  })

  it.runIf(process.platform === 'linux')('notices a stranger on the port of a linked pair', async () => {
    const port = await portsOfUp()
    const up = new Up(['pair', '--port', String(port)])
    await up.until(/ s1 .*\[ready\]$/)
    const stranger = createServer().listen(port + 1, '127.0.0.1')
    try {
      await once(stranger, 'listening')
      expect(await up.until(/\[thirdProcess\]$/)).toContain(`(pid ${process.pid}) listens on its replication port`)
    } finally {
      stranger.close()
    }
  })

  it('passes arguments on, to all nodes or to one', async () => {
    const port = await portsOfUp()
    const args = ['--node-args', '-I 2m', '--node-args', "m1=-D '|'", '--queue', '77', '--port', String(port)]
    const up = new Up(['pair', '--json', '--one-address', ...args])
    const {nodes} = JSON.parse(await up.until(/./))
    expect(nodes[0].commandLine).toMatch(/ -q 77 -I 2m -D '\|'$/)
    expect(nodes[1].commandLine).toMatch(/ -q 77 -I 2m$/)
    expect(await ask({host: '127.0.0.1', port}, 'stats settings')).toContain('STAT item_size_max 2097152')
  })
})

describe('repbench up refuses, in one line and without leftovers,', () => {
  const script = (name: string, text: string, mode = 0o755) => {
    const file = join(directory, name)
    writeFileSync(file, `#!/bin/sh\n${text}\n`, {mode})
    return file
  }
  const identify = `[ "$1" = -h ] && { echo 'memcached 1.6.18'; exit 0; }`

  const cases: readonly (readonly [what: string, args: () => readonly string[], message: RegExp, code: number])[] = [
    ['a missing program', () => ['memcached', '--memcached-bin', '/nowhere'], /does not exist; install it/, 2],
    [
      'a file that is not executable',
      () => ['memcached', '--memcached-bin', script('plain', '', 0o644)],
      /not exec/,
      2,
    ],
    ['another program', () => ['memcached', '--memcached-bin', '/bin/cat'], /neither memcached nor repcached/, 2],
    ['a memcached for a repcached', () => ['repcached', '--repcached-bin', script('m', identify)], /without repl/, 2],
    [
      'a program that crashes at its start',
      () => ['memcached', '--memcached-bin', script('crash', `${identify}; echo 'no luck' >&2; kill -SEGV $$`)],
      /got ended by SIGSEGV; its last log lines: no luck/,
      1,
    ],
    ['wrong flags', () => ['memcached', '--node-args', '--no-such-flag'], /got exit code \d+; .*no-such-flag/, 1],
    ['wrong flags of an embedded node', () => ['single', '--node-args', '--no-such'], /got exit code 2; .*no-such/, 1],
    ['an address of another machine', () => ['pair', '--address', '192.0.2.77'], /address of this machine/, 2],
    ['three addresses', () => ['pair', '--address', 'a,b,c'], /one address or two/, 2],
    ['two ways to say where', () => ['pair', '--one-address', '--address', '127.0.0.1'], /cannot be used/, 2],
    ['arguments that are its own', () => ['pair', '--node-args', '-p 1'], /without -p \(use --port\)/, 2],
    ['a daemon', () => ['pair', '--node-args', '-vd -d'], /without -vd/, 2],
    ['open quotes', () => ['pair', '--node-args', "-D '"], /every quote to be closed/, 2],
    ['arguments of a node that is not there', () => ['pair', '--node-args', 'n7=-vv'], /\(m1, s1\), got 'n7'/, 2],
    ['options that do nothing', () => ['memcached', '--resilient'], /Expected --resilient with a node/, 2],
    ['a pair that can’t replicate', () => ['pair', '--backend', 'memcached'], /a backend that replicates/, 2],
    ['a third process without a pair', () => ['single', '--third'], /--third needs a pair/, 2],
    ['an unknown topology', () => ['trio'], /'trio' is invalid/, 2],
  ]

  it.each(cases)('%s', async (_, args, message, code) => {
    const before = childrenOf(process.pid)
    const result = await runRepbench(['up', ...args()], {env: env()})
    expect(result.stderr).toMatch(message)
    expect(result.stderr.trim().split('\n')).toHaveLength(1)
    expect(result.stdout).toHaveLength(0)
    expect(result.code).toBe(code)
    expect(childrenOf(process.pid)).toEqual(before)
  })

  it('a limit of open files that is too low for its connections', async () => {
    const command = `ulimit -n 300; exec '${process.execPath}' '${binPath}' up single`
    const {status, stdout, stderr} = spawnSync('/bin/sh', ['-c', command], {env: {...process.env, ...env()}})
    expect(stderr.toString()).toMatch(
      /^repbench: Expected at least 1024 open files for .* n1 .*--max-conns 236, or raise/,
    )
    expect(stdout).toHaveLength(0)
    expect(status).toBe(2)
  })

  it('a port that somebody has, whom it names', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const {port} = server.address() as {port: number}
    try {
      const {stderr, code} = await runRepbench(['up', 'single', '--port', String(port)], {env: env()})
      const holder = process.platform === 'linux' ? `(pid ${process.pid})` : 'another program'
      expect(stderr).toContain(`Expected 127.0.0.1:${port} to be free, got a port in use by`)
      expect(stderr).toContain(holder)
      expect(code).toBe(1)
    } finally {
      server.close()
    }
  })
})
