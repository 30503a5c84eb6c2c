import {describe, expect, it} from 'vitest'
import {readNodeCommandLine} from '../../../../src/cli/commands/node/node-command-line.js'
import {defaultSettings, modernDefaults} from '../../../../src/server/embedded/node/node-settings.js'

const read = (line: string) => readNodeCommandLine(line.split(' ').filter(word => word !== ''))
const settingsOf = (line: string) => read(line).settings

describe('the command line of a node', () => {
  it('has memcached’s defaults, but for the address', () => {
    expect(settingsOf('')).toEqual(defaultSettings)
  })

  it('takes the operators’ old command lines as they typed them', () => {
    expect(read('-v -l 127.0.0.1 -p 11213 -uroot -x 127.0.0.1 -X 11212')).toMatchObject({
      user: 'root',
      daemon: false,
      settings: {
        host: '127.0.0.1',
        port: 11213,
        verbosity: 1,
        replication: {peerHost: '127.0.0.1', connectPort: 11212, listenPort: 11212},
      },
    })
    expect(read('-d -p 11211 -m 1024 -c 65535')).toMatchObject({
      daemon: true,
      settings: {port: 11211, memoryLimitBytes: 2 ** 30, maxConnections: 65535},
    })
  })

  it.each([
    ['-vvm64', {verbosity: 2, memoryLimitBytes: 64 << 20}],
    ['-vvv -M -C', {verbosity: 3, evictions: false, useCas: false}],
    ['-p -1', {port: 0}],
    ['-R20 -b 5 -B ascii', {requestsPerEvent: 20, backlog: 5, bindingProtocol: 'ascii'}],
    ['-I 4m', {itemMaxBytes: 4 << 20}],
    ['-I512K', {itemMaxBytes: 512 << 10}],
    ['-I 2000', {itemMaxBytes: 2000}],
    ['-f 1.5 -n 8 -D|', {growthFactor: 1.5, smallestItemBytes: 8, prefixDelimiter: '|', countsPrefixes: true}],
    ['-o maxconns_fast,hashpower=20', {rejectsAtLimit: true, hashPower: 20}],
    ['-U 0 -rLk', {}],
    ['-U 11211', {port: 11211}],
    ['-U 5 -p 5', {port: 5}],
    ['-p 0', {port: 0, listensTcp: false}],
    [
      '-A -F -W --disable-dumping',
      {shutdownCommand: true, flushEnabled: false, watchEnabled: false, dumpEnabled: false},
    ],
    ['-e /dev/shm/items', {memoryFile: '/dev/shm/items'}],
    ['-o slab_reassign,slab_automove=2,no_lru_crawler', {slabReassign: true, slabAutomove: 2, lruCrawler: false}],
    ['-o idle_timeout=60,watcher_logbuf_size=8', {idleTimeoutSeconds: 60, watcherBufferBytes: 8192}],
    ['--like 1.6', modernDefaults],
    ['-o no_modern --like=1.6.45', {like: '1.6', rejectsAtLimit: false, slabReassign: false}],
    ['-R 5 --like 1.6', {like: '1.6', requestsPerEvent: 5}],
    ['--port=5 --memory-limit 128 --disable-cas', {port: 5, memoryLimitBytes: 128 << 20, useCas: false}],
    ['--no-replication --debug-commands', {replication: null, debugCommands: true}],
    ['--resilient -q 5', {replication: {...defaultSettings.replication, resilient: true, queueLimit: 5}}],
    [
      '--peers 10.0.0.2,db2 --peers=::1',
      {replication: {...defaultSettings.replication, peers: ['10.0.0.2', 'db2', '::1']}},
    ],
    ['--like-repcached', {host: null, replication: {...defaultSettings.replication, likeRepcached: true}}],
    ['-X 16275:16277', {replication: {...defaultSettings.replication, listenPort: 16275, connectPort: 16277}}],
    ['-x 0.0.0.0', {replication: defaultSettings.replication}],
    ['word -v -- -M', {verbosity: 1, evictions: true}],
    ['-l ::1', {host: '::1', port: 11211, alsoListen: []}],
    ['-p 5 -l *:6', {host: null, port: 6, alsoListen: []}],
    [
      '-l a,b:7 -l [::1]:8;[::2] -p 5',
      {
        host: 'a',
        port: 5,
        interfaces: 'a,b:7,[::1]:8;[::2]',
        alsoListen: [
          {host: 'b', port: 7},
          {host: '::1', port: 8},
          {host: '::2', port: 5},
        ],
      },
    ],
    ['-s /tmp/x -a 0770', {unixSocket: {path: '/tmp/x', accessMask: 0o770}}],
  ])('reads %s', (line, expected) => {
    expect(settingsOf(line)).toMatchObject(expected)
  })

  it.each([
    ['-p abc', "-p: Expected a port from 1 to 65535, got 'abc'"],
    ['-p 70000', "-p: Expected a port from 1 to 65535, got '70000'"],
    ['-m 0', "-m: Expected megabytes from 1 to 32768, got '0'"],
    ['-c 0', "-c: Expected a number of connections from 1 to 1000000, got '0'"],
    ['-I 1', 'Item max size cannot be less than 1024 bytes.'],
    ['-I 129m', 'Cannot set item size limit higher than 128 mb.'],
    ['-f 1', 'Factor must be greater than 1'],
    ['-n 0', "Chunk size must be greater than 0, got '0'"],
    ['-R 0', "Number of requests per event must be greater than 0, got '0'"],
    ['-t 0', "Number of threads must be greater than 0, got '0'"],
    ['-B text', 'Invalid value for binding protocol: text -- should be one of auto, binary, or ascii'],
    ['-X 1:2:3', "Expected -X PORT or -X LISTEN:CONNECT, got '1:2:3'"],
    ['-U 11222', "Expected -U 0 or the TCP port (this node has no UDP), got '11222'"],
    ['-p 11222 -U 11211', "Expected -U 0 or the TCP port (this node has no UDP), got '11211'"],
    ['-Z', 'This server is not built with TLS support.'],
    ['-o ssl_chain_cert=x', '-o ssl_chain_cert: this node has no TLS'],
    ['-o ext_path=/x:1g', '-o ext_path: this node keeps items in memory alone'],
    ['-o idle_timeout', 'Missing idle_timeout argument'],
    ['-o constructor', 'Illegal suboption "constructor"'],
    ['--like 1.5', "Expected --like 1.4 or --like 1.6, got '1.5'"],
    ['--like 1.6 -m 1', 'Cannot set item size limit higher than 1/2 of memory max.'],
    ['-Y /nowhere/at/all', "-Y /nowhere/at/all: ENOENT: no such file or directory, stat '/nowhere/at/all'"],
    ['-a 999', "Expected an octal access mask such as 0700, got '999'"],
    ['-l host:port', 'Invalid port number: "port"'],
    ['-o foo', 'Illegal suboption "foo"'],
    ['-o hashpower', 'Missing numeric argument for hashpower'],
    ['-o hashpower=5', 'Initial hashtable multiplier of 5 is too low'],
    ['--peers 10.0.0.2,', "Expected addresses or names of hosts for --peers, separated by commas, got '10.0.0.2,'"],
    ['--peers a/8', "Expected addresses or names of hosts for --peers, separated by commas, got 'a/8'"],
    ['--peers', "option '--peers' requires an argument"],
    ['-S', 'This server is not built with SASL support.'],
    ['-y 1', "invalid option -- 'y'"],
    ['-vy', "invalid option -- 'y'"],
    ['-vp', "option requires an argument -- 'p'"],
    ['--frobnicate', "unrecognized option '--frobnicate'"],
  ])('refuses %s', (line, message) => {
    expect(() => read(line)).toThrow(expect.objectContaining({code: 'ERR_USAGE', message}))
  })

  it('prints instead of running, and looks no further', () => {
    expect(read('-h -y').print).toBe('help')
    expect(read('-V').print).toBe('version')
    expect(read('--help').print).toBe('help')
    expect(read('-i').print).toBe('license')
  })

  it('says what is accepted but does less than its name', () => {
    expect(read('-t 4 -k -I 2m').warnings).toEqual([
      '-t 4: one thread serves all clients of this node',
      'warning: -k invalid, mlockall() not supported on this platform.  proceeding without.',
      'WARNING: Setting item max size above 1MB is not recommended! It raises the memory that every slab class takes.',
    ])
    expect(read('-t 1').warnings).toEqual([])
    expect(read('-o modern,hash_algorithm=xxh3,lru_crawler -p 0').warnings).toEqual([
      '-o hash_algorithm: no effect here, keys are hashed by FNV-1a',
      '-p 0: no TCP port and no UNIX socket, so no client can come',
    ])
  })
})
