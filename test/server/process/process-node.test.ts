import {once} from 'node:events'
import {mkdtempSync, readFileSync, rmSync} from 'node:fs'
import {createServer} from 'node:net'
import {tmpdir} from 'node:os'
import {dirname, join} from 'node:path'
import {afterEach, describe, expect, it} from 'vitest'
import type {NodeEvent} from '../../../src/server/node-api/node-event.js'
import {ProcessNode, type ProcessNodeOptions} from '../../../src/server/process/process-node.js'
import {Watchdog} from '../../../src/server/process/watchdog.js'
import {findProgram} from '../../../src/server/programs/find-program.js'
import {nodeCommand} from '../../../src/server/programs/process-args.js'
import {freePort} from '../../helpers/ports.js'
import {childrenOf, isAlive, openDescriptors} from '../../helpers/processes.js'
import {waitFor} from '../../helpers/wait-for.js'

const nodes: ProcessNode[] = []
const watchdog = new Watchdog()

afterEach(async () => {
  await Promise.all(nodes.splice(0).map(node => node.kill()))
  await watchdog.close()
})

async function freeAddress() {
  return {host: '127.0.0.1', port: await freePort()}
}

async function memcached(options: Partial<ProcessNodeOptions> = {}): Promise<ProcessNode> {
  const address = options.address ?? (await freeAddress())
  const {file: program} = await findProgram('memcached', {env: process.env})
  const asRoot = process.getuid?.() === 0
  const command = nodeCommand({backend: 'memcached', program, address, replication: null, asRoot})
  return track({name: 'n1', backend: 'memcached', address, command, replicates: false, watchdog, ...options})
}

function track(options: ProcessNodeOptions): ProcessNode {
  const node = new ProcessNode(options)
  nodes.push(node)
  return node
}

async function shell(script: string, options: Partial<ProcessNodeOptions> = {}): Promise<ProcessNode> {
  const command = {program: '/bin/sh', args: ['-c', script]}
  const address = await freeAddress()
  return track({name: 'n1', backend: 'memcached', address, command, replicates: false, watchdog, ...options})
}

function kindsOf(node: ProcessNode): string[] {
  const kinds: string[] = []
  node.onEvent((event: NodeEvent) => kinds.push(event.kind))
  return kinds
}

describe('ProcessNode with a real memcached', () => {
  it('starts, answers stats, dies of kill -9 and starts again with the same arguments', async () => {
    const node = await memcached()
    const kinds = kindsOf(node)
    await node.start()
    const first = node.status()
    expect(first).toMatchObject({state: 'up', exit: null, link: 'none', role: 'none'})
    expect((await node.stats()).get('pid')).toBe(String(first.pid))

    await node.kill()
    expect(node.status()).toMatchObject({state: 'dead', pid: null, exit: {code: null, signal: 'SIGKILL'}})
    expect(isAlive(first.pid!)).toBe(false)
    await expect(node.stats()).rejects.toMatchObject({code: 'ERR_ASK_REFUSED'})

    await node.start()
    expect(node.status().pid).not.toBe(first.pid)
    await node.stop()
    expect(node.status()).toMatchObject({state: 'stopped', exit: {code: 0, signal: null}})
    expect(kinds).toEqual(['started', 'ready', 'killed', 'started', 'ready', 'stopped'])
  })

  it('notices that somebody else killed it', async () => {
    const node = await memcached()
    const kinds = kindsOf(node)
    await node.start()
    process.kill(node.status().pid!, 'SIGKILL')
    await waitFor(() => expect(node.status().state).toBe('dead'))
    expect(kinds.at(-1)).toBe('crashed')
  })

  it('freezes and thaws', async () => {
    const node = await memcached()
    await node.start()
    node.pause()
    expect(node.status().state).toBe('paused')
    await expect(node.stats({timeoutMs: 50})).rejects.toThrow('no reply within 50 ms')
    node.resume()
    expect(node.status().state).toBe('up')
    expect((await node.stats()).has('uptime')).toBe(true)
  })

  it('stops a frozen node', async () => {
    const node = await memcached()
    await node.start()
    node.pause()
    await node.stop()
    expect(node.status()).toMatchObject({state: 'stopped', exit: {code: 0}})
  })

  it('finds a port in use before it starts anything', async () => {
    const address = await freeAddress()
    const server = createServer().listen(address.port, address.host)
    await once(server, 'listening')
    const node = await memcached({address})
    await expect(node.start()).rejects.toMatchObject({
      code: 'ERR_PORT_IN_USE',
      message: expect.stringMatching(
        process.platform === 'linux' ? `got a port in use by .* \\(pid ${process.pid}\\)$` : '',
      ),
    })
    expect(node.status()).toMatchObject({state: 'stopped', pid: null, startedAtMs: null})
    server.close()
    await once(server, 'close')
    await node.start()
  })

  it('refuses to start twice', async () => {
    const node = await memcached()
    await node.start()
    await expect(node.start()).rejects.toMatchObject({code: 'ERR_NODE_STATE'})
  })

  it('leaves no process, zombie or descriptor behind after fifty starts and kills', async () => {
    const logFile = join(mkdtempSync(join(tmpdir(), 'repbench-cycles-')), 'n1.log')
    const node = await memcached({logFile})
    await node.start()
    await node.kill()
    const before = {children: childrenOf(process.pid).length, descriptors: openDescriptors()}
    for (let cycle = 0; cycle < 50; cycle++) {
      await node.start()
      await node.kill()
    }
    await waitFor(() => {
      expect(childrenOf(process.pid).length).toBe(before.children)
      expect(openDescriptors()).toBe(before.descriptors)
    })
    rmSync(dirname(logFile), {recursive: true})
  })
})

describe('ProcessNode with a program that misbehaves', () => {
  it('gives the last log lines of one that dies at once', async () => {
    const node = await shell('echo first; echo "failed to listen: Address in use" >&2; exit 71')
    await expect(node.start()).rejects.toMatchObject({
      code: 'ERR_NODE_START',
      exit: {code: 71},
      message: expect.stringMatching(/^Expected n1 to start, got exit code 71; its last log lines: .*Address in use/),
    })
    expect(node.status()).toMatchObject({state: 'dead', exit: {code: 71}})
  })

  it('names a program that does not exist', async () => {
    const node = await shell('', {command: {program: '/nowhere/memcached', args: []}})
    await expect(node.start()).rejects.toMatchObject({
      code: 'ERR_NODE_START',
      message: 'Expected n1 to start, got a program that cannot be run: /nowhere/memcached (ENOENT)',
    })
    expect(node.status().state).toBe('stopped')
  })

  it('gives up on one that never answers, and kills it', async () => {
    const node = await shell('exec sleep 600', {readyTimeoutMs: 200})
    const started = node.start()
    const pid = waitFor(() => {
      const {pid} = node.status()
      expect(pid).not.toBeNull()
      return pid!
    })
    await expect(started).rejects.toThrow('no answer within 200 ms')
    expect(node.status().exit?.signal).toBe('SIGKILL')
    expect(isAlive(await pid)).toBe(false)
  })

  it('gives up when told to', async () => {
    const node = await shell('exec sleep 600')
    const controller = new AbortController()
    const started = node.start({signal: controller.signal})
    await waitFor(() => expect(node.status().pid).not.toBeNull())
    controller.abort()
    await expect(started).rejects.toThrow('an abort')
    expect(node.status().pid).toBeNull()
  })

  it('kills one that ignores SIGTERM after the grace', async () => {
    const node = await shell("trap '' TERM; echo ready; while :; do sleep 600; done", {stopGraceMs: 100})
    const started = node.start().catch((error: unknown) => error)
    await waitFor(() => expect(node.logs()).toHaveLength(1))
    await node.stop()
    expect(node.status()).toMatchObject({state: 'stopped', exit: {signal: 'SIGKILL'}})
    expect(await started).toMatchObject({code: 'ERR_NODE_START'})
  })

  it('kills the children of a wrapper script too', async () => {
    const node = await shell('sleep 600 & echo $!; wait')
    const started = node.start().catch(() => {})
    await waitFor(() => expect(node.logs()).toHaveLength(1))
    const child = Number(node.logs()[0]!.text)
    expect(isAlive(child)).toBe(true)
    await node.kill()
    await started
    await waitFor(() => expect(isAlive(child)).toBe(false))
  })

  it('does not wait for one that cannot listen for its peer and so never serves', async () => {
    const lines = [
      'connect (peer=127.0.0.1:1)',
      'marugoto copying',
      'close',
      'failed to initialize replication server socket',
    ]
    const script = `${lines.map(line => `echo 'replication: ${line}' >&2`).join('; ')}; exec sleep 600`
    const node = await shell(script, {backend: 'repcached', replicates: true})
    await expect(node.start()).rejects.toThrow(
      /^Expected n1 to start, got a node that cannot listen on its replication port, and so never serves; its last/,
    )
    expect(node.status()).toMatchObject({state: 'stopped', pid: null})
  })

  it('tells once what a node repeats for every client', async () => {
    const node = await shell('for i in 1 2 3 4 5; do echo "Too many open connections" >&2; done; exit 1')
    const kinds = kindsOf(node)
    await node.start().catch(() => {})
    expect(kinds).toEqual(['started', 'tooManyConnections', 'crashed'])
  })

  it('says of what it died', async () => {
    const events: NodeEvent[] = []
    const node = await shell('kill -SEGV $$')
    node.onEvent(event => events.push(event))
    await node.start().catch(() => {})
    expect(events.at(-1)).toMatchObject({kind: 'crashed', facts: {code: null, signal: 'SIGSEGV'}})
  })

  it('keeps its log in a file too', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'repbench-log-'))
    const logFile = join(directory, 'logs', 'n1.log')
    const node = await shell('echo out; echo err >&2; exit 1', {logFile})
    await node.start().catch(() => {})
    expect(node.logFile).toBe(logFile)
    const lines = readFileSync(logFile, 'utf8').trim().split('\n')
    expect(lines.map(line => line.replace(/^[\d-]+T[\d:.]+Z /, '')).sort()).toEqual(['err', 'out'])
    rmSync(directory, {recursive: true})
  })

  it('keeps a bounded log', async () => {
    const node = await shell('i=0; while [ $i -lt 1500 ]; do echo line $i; i=$((i+1)); done')
    await node.start().catch(() => {})
    expect(node.logs()).toHaveLength(1000)
    expect(node.logs().at(-1)?.text).toBe('line 1499')
  })
})
