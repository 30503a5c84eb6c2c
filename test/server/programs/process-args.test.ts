import {describe, expect, it} from 'vitest'
import type {Backend} from '../../../src/server/programs/backends/registry.js'
import {type NodeArgs, nodeCommand, shellLine} from '../../../src/server/programs/process-args.js'

const address = {host: '127.0.0.1', port: 11211}
const replication = {listenPort: 11212, peer: {host: '127.0.0.2', port: 11212}}
const program = 'program'

describe('nodeCommand', () => {
  it('runs an embedded node with the Node that runs us', () => {
    const command = nodeCommand({backend: 'embedded', program: 'bin/repbench.js', address, replication, asRoot: true})
    expect(command.program).toBe(process.execPath)
    expect(command.args.join(' ')).toBe('bin/repbench.js node -v -l 127.0.0.1 -p 11211 -x 127.0.0.2 -X 11212')
  })

  it('has an embedded node beside a repcached take a peer that says nothing', () => {
    const args = (more: Pick<NodeArgs, 'replication' | 'besideRepcached'>) =>
      nodeCommand({backend: 'embedded', program, address, asRoot: false, ...more}).args
    expect(args({replication, besideRepcached: true})).toContain('--like-repcached')
    expect(args({replication, besideRepcached: false})).not.toContain('--like-repcached')
    expect(args({replication: null, besideRepcached: true})).not.toContain('--like-repcached')
  })

  it('gives a node without a peer no replication, or any port where it must have one', () => {
    const lastArgs = (backend: Backend) =>
      nodeCommand({backend, program, address, replication: null, asRoot: false}).args.slice(-2)
    expect(lastArgs('embedded')).toEqual(['11211', '--no-replication'])
    expect(lastArgs('repcached')).toEqual(['-X', '0'])
  })

  it('lets the C programs run as root, only where they do', () => {
    const args = (asRoot: boolean) =>
      nodeCommand({backend: 'repcached', program, address, replication, asRoot}).args.join(' ')
    expect(args(true)).toBe('-v -l 127.0.0.1 -p 11211 -U 0 -u root -x 127.0.0.2 -X 11212')
    expect(args(false)).not.toContain('root')
  })

  it('gives memcached nothing of replication', () => {
    const {args} = nodeCommand({backend: 'memcached', program, address, replication: null, asRoot: false})
    expect(args.join(' ')).toBe('-v -l 127.0.0.1 -p 11211 -U 0')
  })

  it('writes crossed ports as 2.2.1 reads them', () => {
    const crossed = {listenPort: 11212, peer: {host: '127.0.0.1', port: 11216}}
    const {args} = nodeCommand({backend: 'repcached', program, address, replication: crossed, asRoot: false})
    expect(args.slice(-4)).toEqual(['-x', '127.0.0.1', '-X', '11212:11216'])
  })

  it('gives each backend what it knows of the tuning, and the arguments passed through last', () => {
    const tuning = {memoryMegabytes: 256, threads: 2, maxConnections: 500, queueLimit: 65_536, resilient: true}
    const tail = (backend: Backend) =>
      nodeCommand({backend, program, address, replication: null, asRoot: false, tuning, more: ['-I', '2m']})
        .args.join(' ')
        .replace(/^.*(?=-m 256)/, '')
    expect(tail('embedded')).toBe('-m 256 -c 500 -q 65536 --resilient -I 2m')
    expect(tail('memcached')).toBe('-m 256 -c 500 -t 2 -I 2m')
    expect(tail('repcached')).toBe('-m 256 -c 500 -t 2 -q 65536 -I 2m')
  })
})

it('quotes a command line for the shell', () => {
  expect(shellLine({program: '/opt/my node/bin', args: ['-p', '11211', "it's"]})).toBe(
    "'/opt/my node/bin' -p 11211 'it'\\''s'",
  )
})
