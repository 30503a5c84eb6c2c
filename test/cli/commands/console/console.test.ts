import {once} from 'node:events'
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterAll, afterEach, beforeAll, describe, expect, it} from 'vitest'
import {launchTopology, type Topology} from '../../../../src/server/topology/topology.js'
import {binPath, runRepbench, startRepbench} from '../../../helpers/run-repbench.js'
import {ScriptedServer} from '../../../helpers/scripted-server.js'
import {TerminalRun} from '../../../helpers/terminal.js'
import {waitFor} from '../../../helpers/wait-for.js'

const servers: ScriptedServer[] = []

afterEach(async () => {
  await Promise.all(servers.splice(0).map(server => server.close()))
})

async function scripted(onData: Parameters<typeof ScriptedServer.listen>[0]): Promise<ScriptedServer> {
  const server = await ScriptedServer.listen(onData)
  servers.push(server)
  return server
}

describe('repbench console through a pipe', () => {
  let topology: Topology
  let target: string

  beforeAll(async () => {
    topology = await launchTopology({name: 'memcached', binPath})
    const {host, port} = topology.nodes[0]!.address
    target = `${host}:${port}`
  })
  afterAll(() => topology.close())

  it('prints the replies only, and the greeting on stderr', async () => {
    const input = 'set key1 0 0 3\r\n111\r\nget key1\r\nget key2\r\n'
    const {code, stdout, stderr} = await runRepbench(['console', target], {input})
    expect(stdout.toString()).toBe('STORED\r\nVALUE key1 0 3\r\n111\r\nEND\r\nEND\r\n')
    expect(stderr).toBe("Trying 127.0.0.1...\nConnected to 127.0.0.1.\nEscape character is '^]'.\n")
    expect(code).toBe(0)
  })

  it('takes LF, and an input without a line end', async () => {
    const {code, stdout} = await runRepbench(['console', target], {input: 'set lf 0 0 3\n222\nget lf'})
    expect(stdout.toString()).toBe('STORED\r\nVALUE lf 0 3\r\n222\r\nEND\r\n')
    expect(code).toBe(0)
  })

  it('waits for no answer to noreply, and yet until it is done', async () => {
    const input = 'set quiet 0 0 1 noreply\r\nq\r\nincr nothing 1 noreply\r\n'
    expect(await runRepbench(['console', target], {input})).toMatchObject({code: 0, stdout: Buffer.alloc(0)})
    const {stdout} = await runRepbench(['console', target], {input: 'get quiet\r\n'})
    expect(stdout.toString()).toBe('VALUE quiet 0 1\r\nq\r\nEND\r\n')
  })

  it('carries values as bytes, a big one too', async () => {
    const value = Buffer.from(Array.from({length: 500_000}, (_, at) => (at * 7919) % 256))
    const input = Buffer.concat([Buffer.from('set bin 0 0 500000\r\n'), value, Buffer.from('\r\nget bin\r\n')])
    const {code, stdout} = await runRepbench(['console', target], {input})
    expect(code).toBe(0)
    expect(
      stdout.equals(
        Buffer.concat([Buffer.from('STORED\r\nVALUE bin 0 500000\r\n'), value, Buffer.from('\r\nEND\r\n')]),
      ),
    ).toBe(true)
  })

  it('shows errors of the server as replies, and answers version and an empty line', async () => {
    const {code, stdout} = await runRepbench(['console', target], {
      input: 'version\r\nbogus\r\n\r\nset a 0 0 1\r\ntoo long\r\n',
    })
    expect(stdout.toString()).toMatch(
      /^VERSION 1\.\S+\r\nERROR\r\nERROR\r\nCLIENT_ERROR bad data chunk\r\n(ERROR\r\n)?$/,
    )
    expect(code).toBe(0)
  })

  it('ends with quit', async () => {
    expect(await runRepbench(['console', target], {input: 'get none\r\nquit\r\nget none\r\n'})).toMatchObject({
      code: 0,
      stdout: Buffer.from('END\r\n'),
    })
  })

  it('says that data bytes are missing', async () => {
    const {code, stderr} = await runRepbench(['console', target], {input: 'set a 0 0 5\r\n11'})
    expect(stderr).toContain("repbench: Expected 3 more data bytes for 'set', got the end of the input\n")
    expect(code).toBe(1)
  })
})

describe('repbench console --replay', () => {
  let topology: Topology
  let targets: string[]

  beforeAll(async () => {
    topology = await launchTopology({name: 'pair', binPath})
    targets = topology.nodes.map(({address: {host, port}}) => `${host}:${port}`)
  })
  afterAll(() => topology.close())

  async function replay(lines: readonly string[], servers = targets) {
    const directory = mkdtempSync(join(tmpdir(), 'repbench-replay-'))
    const file = join(directory, 'transcript.txt')
    writeFileSync(file, lines.map(line => `${line}\n`).join(''))
    try {
      const {code, stdout, stderr} = await runRepbench(['console', ...servers, '--replay', file])
      return {code, stdout: stdout.toString(), stderr}
    } finally {
      rmSync(directory, {recursive: true})
    }
  }
  const at = (line: string) => `2026-11-24T12:00:00.000Z ${line}`
  const pairLines = [
    '# repbench console',
    at('m1 > set key1 0 0 3'),
    at('m1 > 111'),
    at('m1 < STORED  (0.21 ms)'),
    at('s1 > get key1'),
    at('s1 < VALUE key1 0 3'),
    at('s1 < 111'),
    at('s1 < END  (0.10 ms)'),
  ]

  it('finds both nodes as they were, once the write has crossed', async () => {
    const {code, stdout, stderr} = await replay(pairLines)
    expect(stderr).toBe('')
    expect(stdout).toMatch(/2 of 2 replies as before\n$/)
    expect(code).toBe(0)
  })

  it('says what differs, exit 1', async () => {
    const {code, stdout} = await replay([...pairLines, at('m1 > delete nothing'), at('m1 < DELETED')])
    expect(stdout).toContain('m1  delete nothing: the reply differs\nm1    before  DELETED\nm1    now     NOT_FOUND\n')
    expect(stdout).toMatch(/2 of 3 replies as before, 1 differs\n$/)
    expect(code).toBe(1)
  })

  it('takes a list of commands', async () => {
    const {code, stdout} = await replay(['set a 0 0 1', 'x', 'get a', 'version'], targets.slice(0, 1))
    expect(stdout).toBe('0 of 3 replies as before, 3 not compared\n')
    expect(code).toBe(0)
  })

  it('says what is not answered, sends no more then, exit 1', async () => {
    const server = await scripted((text, socket) => {
      if (text.startsWith('version')) socket.write('VERSION 1.6.18\r\n')
    })
    const {code, stdout} = await replay(['version', 'get a', 'get b'], [`127.0.0.1:${server.address.port}`])
    expect(stdout).toContain('get a: not answered\n')
    expect(stdout).toMatch(/0 of 3 replies as before, 1 not compared, 2 not answered\n$/)
    expect(code).toBe(1)
    expect(server.received()).not.toContain('get b')
  })

  it('keeps the beginning of a reply that does not end', async () => {
    const line = Buffer.from('VALUE a 0 1\r\nx\r\n'.repeat(1000))
    const server = await scripted((text, socket) => {
      if (text.startsWith('version')) socket.write('VERSION 1.6.18\r\n')
      else for (let count = 0; count < 100; count++) socket.write(line)
      if (text.startsWith('get')) socket.write('END\r\n')
    })
    const lines = ['# repbench console', at('m1 > get a'), at('m1 < END')]
    const {code, stdout} = await replay(lines, [`127.0.0.1:${server.address.port}`])
    expect(stdout.split('\n').length).toBeLessThan(40)
    expect(code).toBe(1)
  })

  it('ends by Ctrl-C', async () => {
    const server = await scripted((text, socket) => {
      if (text.startsWith('version')) socket.write('VERSION 1.6.18\r\n')
    })
    const directory = mkdtempSync(join(tmpdir(), 'repbench-replay-'))
    const file = join(directory, 'list.txt')
    writeFileSync(file, 'get a\n')
    const child = startRepbench(['console', `127.0.0.1:${server.address.port}`, '--replay', file])
    try {
      await waitFor(() => expect(server.received()).toContain('get a'))
      child.kill('SIGINT')
      const [code] = await once(child, 'exit')
      expect(code).toBe(130)
    } finally {
      child.kill('SIGKILL')
      rmSync(directory, {recursive: true})
    }
  })

  it('wants an address for each node, and a file', async () => {
    expect(await replay(pairLines, targets.slice(0, 1))).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('Expected an address for each node of'),
    })
    expect(await runRepbench(['console', targets[0]!, '--replay', '/nowhere/file'])).toMatchObject({code: 2})
  })
})

describe('repbench console when things go wrong', () => {
  it('says in one line that nobody listens', async () => {
    const server = await ScriptedServer.listen()
    await server.close()
    const target = `127.0.0.1:${server.address.port}`
    const {code, stderr, stdout} = await runRepbench(['console', target], {input: 'get a\r\n'})
    expect(stderr).toBe(`Trying 127.0.0.1...\nrepbench: Expected a server at ${target}, got: Connection refused\n`)
    expect(stdout).toHaveLength(0)
    expect(code).toBe(1)
  })

  it('fails when the connection dies before the replies came', async () => {
    const {address} = await scripted((_, socket) => void socket.end('VALUE a 0 3\r\n1'))
    const {code, stderr} = await runRepbench(['console', `127.0.0.1:${address.port}`], {input: 'get a\r\n'})
    expect(stderr).toContain('got a closed connection')
    expect(code).toBe(1)
  })

  it('fails when the connection dies while it waits for more input', async () => {
    const server = await scripted(() => {})
    const child = startRepbench(['console', `127.0.0.1:${server.address.port}`])
    try {
      await waitFor(() => expect(server.connections()).toBe(1))
      server.disconnect()
      const [code] = await once(child, 'exit')
      expect(code).toBe(1)
    } finally {
      child.kill('SIGKILL')
    }
  })

  it('gives up on a silent server', async () => {
    const {address} = await scripted(() => {})
    const target = `127.0.0.1:${address.port}`
    const {code, stderr} = await runRepbench(['console', target, '--timeout', '100ms'], {input: 'get a\r\n'})
    expect(stderr).toContain(`Expected every reply from ${target}, got no byte for 100 ms`)
    expect(code).toBe(1)
  })

  it('gives up on a server that takes no more of a long input', async () => {
    const {address} = await scripted((text, socket) => {
      if (text.startsWith('version')) socket.write('VERSION 1.6.18\r\n')
      else socket.pause()
    })
    const target = `127.0.0.1:${address.port}`
    const input = `set a 0 0 1000\r\n${'x'.repeat(1000)}\r\n`.repeat(20_000)
    const {code, stderr} = await runRepbench(['console', target, '--timeout', '500ms'], {input})
    expect(stderr).toContain(
      `Expected every reply from ${target}, got no byte for 500 ms; not answered: set a 0 0 1000`,
    )
    expect(code).toBe(1)
  })

  it.each([['console'], ['console', 'host:port'], ['console', '127.0.0.1:0'], ['console', '127.0.0.1:70000']])(
    'exits with 2 on wrong usage: %s %s',
    async (...args) => {
      const {code, stderr} = await runRepbench(args)
      expect(stderr.trim().split('\n')).toHaveLength(1)
      expect(code).toBe(2)
    },
  )
})

describe('repbench console on a terminal', () => {
  const runs: TerminalRun[] = []

  afterEach(() => {
    for (const run of runs.splice(0)) run.kill()
  })

  function open(target: string): TerminalRun {
    const run = new TerminalRun(['console', target])
    runs.push(run)
    return run
  }

  it('is a telnet with line editing, history and latencies, left by Ctrl-]', async () => {
    const server = await scripted((text, socket) => {
      if (text.startsWith('get')) socket.write('VALUE key1 0 3\r\n111\r\nEND\r\n')
    })
    const run = open(`127.0.0.1:${server.address.port}`)
    await waitFor(() => expect(run.text()).toContain("Connected to 127.0.0.1.\nEscape character is '^]'.\n"))
    run.type('gte\x7f\x7fet key1\r')
    await waitFor(() => expect(run.text()).toMatch(/VALUE key1 0 3\n111\nEND {2}\(\d+\.\d\d ms\)\n/))
    run.type('\x1b[A\r')
    await waitFor(() => expect(server.received()).toBe('get key1\r\nget key1\r\n'))
    run.type('\x1d')
    expect(await run.exited).toBe(0)
    expect(run.text()).toContain('Connection closed.')
  })

  it('ends when the node closes the connection', async () => {
    const server = await scripted(() => {})
    const run = open(`127.0.0.1:${server.address.port}`)
    await waitFor(() => expect(run.text()).toContain('Escape character'))
    server.disconnect()
    expect(await run.exited).toBe(0)
    expect(run.text()).toContain('Connection closed by foreign host.')
  })

  it('says that it cannot connect, exit 1', async () => {
    const server = await ScriptedServer.listen()
    await server.close()
    const run = open(`127.0.0.1:${server.address.port}`)
    expect(await run.exited).toBe(1)
    expect(run.text()).toContain('Connection refused')
  })
})
