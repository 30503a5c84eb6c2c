import {once} from 'node:events'
import {mkdtempSync, readFileSync, rmSync} from 'node:fs'
import {createServer} from 'node:net'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {describe, expect, it, onTestFinished} from 'vitest'
import {converse} from '../../../helpers/converse.js'
import {freePort} from '../../../helpers/ports.js'
import {runRepbench, startRepbench} from '../../../helpers/run-repbench.js'
import {waitFor} from '../../../helpers/wait-for.js'

const host = '127.0.0.1'

/** A running `repbench node`; its log grows while it runs. */
function startNode(...args: string[]) {
  return startNodeAnywhere('-l', host, ...args)
}

function startNodeAnywhere(...args: string[]) {
  const child = startRepbench(['node', ...args])
  const log: string[] = []
  child.stderr!.on('data', (chunk: Buffer) => log.push(...chunk.toString().trimEnd().split('\n')))
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  return {child, log}
}

describe('repbench node', () => {
  it('keeps no items in vain: says at once that -e can’t be written, and loses none when it can’t start', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'repbench-kept-'))
    onTestFinished(() => rmSync(folder, {recursive: true}))
    const file = join(folder, 'items')
    const lost = await runRepbench(['node', '--no-replication', '-p', '-1', '-e', join(folder, 'none', 'items')])
    expect(lost.code).toBe(1)
    expect(lost.stderr).toMatch(/^repbench: -e: cannot write \S+none\/items: .+\n$/)

    const port = await freePort()
    const flags = ['--no-replication', '-A', '-p', String(port), '-e', file]
    const first = startNode(...flags)
    await waitFor(async () => expect(await converse({host, port}, 'set a 0 0 1\r\nx\r\n')).toBe('STORED\r\n'))
    await converse({host, port}, 'shutdown graceful\r\n')
    if (first.child.exitCode === null) await once(first.child, 'exit')
    const holder = createServer().listen(port, host)
    await once(holder, 'listening')
    expect((await runRepbench(['node', ...flags])).stderr).toContain('one that is in use')
    await new Promise(resolve => holder.close(resolve))
    startNode(...flags)
    await waitFor(async () => expect(await converse({host, port}, 'get a\r\n')).toBe('VALUE a 0 1\r\nx\r\nEND\r\n'))
  })

  it('replicates between two processes and ends with 0 on SIGTERM', async () => {
    const replicationPort = await freePort()
    const ports = [await freePort(), await freePort()]
    const flags = (port: number) => ['-v', '-p', String(port), '-x', host, '-X', String(replicationPort)]
    const master = startNode(...flags(ports[0]!))
    await waitFor(() => expect(master.log).toContain('replication: listen'))
    const slave = startNode(...flags(ports[1]!))
    await waitFor(() => expect(slave.log).toContain('replication: start'))
    expect(await converse({host, port: ports[0]!}, 'set key1 0 0 3\r\n111\r\n')).toBe('STORED\r\n')
    await waitFor(async () =>
      expect(await converse({host, port: ports[1]!}, 'get key1\r\n')).toBe('VALUE key1 0 3\r\n111\r\nEND\r\n'),
    )
    master.child.kill('SIGTERM')
    expect(await once(master.child, 'exit')).toEqual([0, null])
    expect(master.log).toContain('got signal 15')
    await waitFor(() => expect(slave.log.at(-1)).toBe('replication: listen'))
    slave.child.kill('SIGINT')
    expect(await once(slave.child, 'exit')).toEqual([0, null])
  })

  it('says in one line what is wrong with its flags', async () => {
    const {code, stdout, stderr} = await runRepbench(['node', '-vp', 'abc'])
    expect(stderr).toBe("repbench: -p: Expected a port from 1 to 65535, got 'abc'\n")
    expect({code, stdout: stdout.toString()}).toEqual({code: 2, stdout: ''})
  })

  it('prints memcached’s and repcached’s versions and options', async () => {
    const help = await runRepbench(['node', '-h'])
    expect(help.stdout.toString()).toMatch(
      /^memcached 1\.4\.13\nrepcached 2\.3\.1\nrepbench node [\d.]+, compatible\n-p <num> /,
    )
    expect(help.stdout.toString()).toContain('\n-x <ip_addr>  hostname or IP address of peer repcached\n')
    expect(help.stdout.toString()).toContain('\n-X <num>      TCP port number for replication (default: 11212)\n')
    expect(help).toMatchObject({code: 0, stderr: ''})
    const version = await runRepbench(['node', '-V'])
    expect(version.stdout.toString()).toMatch(
      /^memcached 1\.4\.13\nrepcached 2\.3\.1\nrepbench node [\d.]+, compatible\n$/,
    )
  })

  it('listens on loopback only, says so, and warns where it is told to listen elsewhere', async () => {
    const ports = [await freePort('0.0.0.0'), await freePort('0.0.0.0')]
    const flags = ['-p', String(ports[0]), '-X', String(ports[1])]
    const addresses = () =>
      ports.map(port => {
        const table = readFileSync('/proc/net/tcp', 'latin1').split('\n')
        const place = `:${port.toString(16).toUpperCase()}`
        const row = table
          .map(line => line.trim().split(/\s+/))
          .find(([, local, , state]) => state === '0A' && local?.endsWith(place))
        return row?.[1]?.slice(0, -5)
      })
    const closed = startNodeAnywhere(...flags)
    await waitFor(() =>
      expect(closed.log).toEqual(['listening on 127.0.0.1 only; -l 0.0.0.0 opens this node to other hosts']),
    )
    expect(addresses()).toEqual(['0100007F', '0100007F'])
    closed.child.kill('SIGTERM')
    await once(closed.child, 'exit')
    const open = startNodeAnywhere(...flags, '--like-repcached')
    await waitFor(() =>
      expect(open.log).toEqual([
        `warning: whoever reaches port ${ports[0]} of all addresses can read, change and flush all items`,
        `warning: whoever reaches port ${ports[1]} of all addresses can join as peer and copy all items; --peers says who may`,
      ]),
    )
    expect(addresses()).toEqual(['00000000', '00000000'])
  })

  it('says which port is taken', async () => {
    const squatter = createServer().listen(0, host)
    onTestFinished(() => {
      squatter.close()
    })
    await once(squatter, 'listening')
    const {port} = squatter.address() as {port: number}
    const {code, stderr} = await runRepbench(['node', '-l', host, '-p', String(port), '--no-replication'])
    expect(stderr).toBe(`repbench: Expected a free client port ${port} (-p), got one that is in use on ${host}\n`)
    expect(code).toBe(1)
  })

  it('says which host name it can’t resolve, and which address is not of this host', async () => {
    const unresolved = await runRepbench(['node', '-l', host, '-x', 'no-such-host.invalid'])
    expect(unresolved).toMatchObject({
      code: 1,
      stderr: 'repbench: Illegal address: no-such-host.invalid\n',
    })
    const foreign = await runRepbench(['node', '-l', '192.0.2.1', '--no-replication'])
    expect(foreign).toMatchObject({
      code: 1,
      stderr: "repbench: Expected an address of this host for -l, got '192.0.2.1'\n",
    })
  })
})
