import type {Hostility} from './hostility.ts'
import {butVersion, decent, doing, drip, escapes, keyOf, LATE_MS, late, only, pour, reads} from './manners.ts'

const CONNECTIONS_MAX = 4

/** Those that are a memcached at first. */
export const faultyMemcached: readonly Hostility[] = [
  {name: 'then-late', does: `tells its version, then answers ${LATE_MS / 1000} s late`, meet: decent(butVersion(late))},
  {name: 'then-never', does: 'tells its version, then says nothing', meet: decent(butVersion(() => null))},
  {
    name: 'then-drip',
    does: 'tells its version, then answers a byte a second',
    meet: decent(butVersion(doing(socket => drip(socket, 'STORED\r\n'.repeat(100))))),
  },
  {
    name: 'then-half',
    does: 'tells its version, then answers half of each reply',
    meet: decent(butVersion(doing(socket => socket.write('STO')))),
  },
  {
    name: 'then-hangs-up',
    does: 'hangs up in the middle of a reply',
    meet: decent(butVersion(doing(socket => socket.end('STO')))),
  },
  {
    name: 'then-resets',
    does: 'resets at a command',
    meet: decent(butVersion(doing(socket => socket.resetAndDestroy()))),
  },
  {
    name: 'then-escapes',
    does: 'answers with terminal escapes after its version',
    meet: decent(butVersion(() => `${escapes}\r\n`)),
  },
  {
    name: 'then-endless-line',
    does: 'answers every command with a line without end',
    meet: decent(butVersion(doing(socket => pour(socket, 'A')))),
  },
  {name: 'wrong-replies', does: 'answers every command with END', meet: decent(butVersion(() => 'END\r\n'))},
  {
    name: 'out-of-memory',
    does: 'refuses every command',
    meet: decent(butVersion(() => 'SERVER_ERROR out of memory\r\n')),
  },
  {
    name: 'endless-stat',
    does: 'lists figures without end',
    meet: decent(
      only(
        ['stats'],
        doing(socket => pour(socket, 'STAT curr_items 1\r\n')),
      ),
    ),
  },
  {
    name: 'stat-escapes',
    does: 'has terminal escapes in its figures',
    meet: decent(only(['stats'], () => `STAT ${escapes} ${escapes}\r\nSTAT version ${escapes}\r\nEND\r\n`)),
  },
  {
    name: 'endless-keys',
    does: 'lists keys without end',
    meet: decent(
      only(['stats', 'lru_crawler'], ({line, socket}) => {
        if (line === 'stats') return undefined
        if (line === 'stats items') return 'STAT items:1:number 1000000\r\nEND\r\n'
        pour(
          socket,
          line.startsWith('stats') ? 'ITEM key [5 b; 0 s]\r\n' : 'key=key exp=-1 la=1 cas=1 fetch=no cls=1 size=60\r\n',
        )
        return null
      }),
    ),
  },
  {
    name: 'endless-value',
    does: 'answers reads with values without end',
    meet: decent(
      only(
        reads,
        doing((socket, line) => pour(socket, `VALUE ${keyOf(line)} 0 1\r\nx\r\n`)),
      ),
    ),
  },
  {
    name: 'huge-value',
    does: 'answers reads with a value of 999 MB',
    meet: decent(
      only(
        reads,
        doing((socket, line) => {
          socket.write(`VALUE ${keyOf(line)} 0 999999999\r\n`)
          pour(socket, 'x')
        }),
      ),
    ),
  },
  {
    name: 'negative-length',
    does: 'answers reads with a value of −1 bytes',
    meet: decent(only(reads, ({line}) => `VALUE ${keyOf(line)} 0 -1\r\nx\r\nEND\r\n`)),
  },
  {
    name: 'absurd-length',
    does: 'answers reads with a value of 10^20 bytes',
    meet: decent(only(reads, ({line}) => `VALUE ${keyOf(line)} 0 100000000000000000000\r\nx\r\nEND\r\n`)),
  },
  {
    name: 'turns-away',
    does: `turns away all but ${CONNECTIONS_MAX} connections at a time`,
    meet: turnAway(),
  },
]

function turnAway(): Hostility['meet'] {
  const serve = decent()
  let open = 0
  return socket => {
    if (open === CONNECTIONS_MAX) {
      socket.end('ERROR Too many open connections\r\n')
      return
    }
    open++
    socket.on('close', () => open--)
    serve(socket)
  }
}
