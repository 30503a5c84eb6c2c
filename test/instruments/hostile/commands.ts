/** One command line of repbench against a server, and a decent one where it needs two. */
export interface HostileCommand {
  readonly name: string
  readonly args: (server: Address, decent: Address) => readonly string[]
  /** What is piped in. */
  readonly input?: string
}

interface Address {
  readonly host: string
  readonly port: number
}

const at = ({host, port}: Address): string => `${host}:${port}`
const light = ['--conns', '6', '--rate', '200', '--duration', '1s', '--sizes', '10', '--timeout', '3s']

/** Every command that works with a server that it has not started. */
export const hostileCommands: readonly HostileCommand[] = [
  {name: 'load', args: server => ['load', '--server', at(server), '--mix', 'set:1,get:1', ...light]},
  {
    name: 'load --verify',
    args: server => ['load', '--server', at(server), '--mix', 'set:1,get:1', '--verify', ...light],
  },
  {
    name: 'load --lag-probe',
    args: (server, decent) => ['load', '--server', at(server), '--server', at(decent), '--lag-probe', ...light],
  },
  {
    name: 'mcperf',
    args: ({host, port}) => ['mcperf', '-s', host, '-p', String(port), '-n', '6', '-N', '20', '-R', '100', '-t', '3'],
  },
  {
    name: 'memslap',
    args: server => ['memslap', '--servers', at(server), '--concurrency', '6', '--execute-number', '20', '--flush'],
  },
  {
    name: 'console',
    args: server => ['console', at(server), '--timeout', '3s'],
    input: 'set key1 0 0 3\r\n111\r\nget key1\r\nstats\r\nquit\r\n',
  },
  {name: 'verify', args: (server, decent) => ['verify', '--server', at(server), '--server', at(decent)]},
  {name: 'diff', args: (server, decent) => ['diff', at(server), at(decent)]},
  {name: 'top', args: server => ['top', '--once', at(server)]},
  {name: 'top --slabs', args: server => ['top', '--once', '--slabs', at(server)]},
  {name: 'top --pair', args: (server, decent) => ['top', '--once', '--pair', at(server), at(decent)]},
  {
    name: 'drill calm',
    args: (server, decent) => [
      ...['drill', 'calm', '--server', at(server), '--server', at(decent)],
      ...['--before', '500ms', '--hold', '500ms', '--after', '500ms', '--settle', '3s'],
    ],
  },
]
