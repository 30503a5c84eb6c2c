import type net from 'node:net'
import tls from 'node:tls'
import type {Hostility} from './hostility.ts'
import {always, decent, drip, escapes, greets, LATE_MS, late, onceThenCloses, pour} from './manners.ts'

/** Those that are no memcached, or do not let anybody in. */
export const notMemcached: readonly Hostility[] = [
  {name: 'never', does: 'takes connections and says nothing', meet: socket => socket.resume()},
  {name: 'resets', does: 'resets every connection', meet: socket => socket.resetAndDestroy()},
  {name: 'hangs-up', does: 'closes every connection without a word', meet: socket => socket.end()},
  {
    name: 'full',
    does: 'turns every connection away',
    meet: socket => socket.end('ERROR Too many open connections\r\n'),
  },
  {
    name: 'http',
    does: 'is a web server',
    meet: onceThenCloses('HTTP/1.1 400 Bad Request\r\nServer: nginx\r\nConnection: close\r\n\r\n<html></html>\r\n'),
  },
  {name: 'tls', does: 'speaks TLS only', meet: speakTls},
  {
    name: 'redis',
    does: 'is a Redis',
    meet: always("-ERR unknown command 'version', with args beginning with: \r\n"),
  },
  {
    name: 'ssh',
    does: 'is an SSH server',
    meet: greets('SSH-2.0-OpenSSH_9.6p1 Debian-3\r\n', 'Invalid SSH identification string.\r\n'),
  },
  {
    name: 'smtp',
    does: 'is a mail server',
    meet: greets('220 mail.example.com ESMTP Postfix\r\n', '502 5.5.2 Error: command not recognized\r\n'),
  },
  {
    name: 'mysql',
    does: 'is a MySQL',
    meet: greets(
      '\x4a\x00\x00\x00\x0a8.0.36\x00\x08\x00\x00\x00abcdefgh\x00',
      '\x10\x00\x00\x01\xff\x84\x04Got packets',
    ),
  },
  {name: 'auth', does: 'wants a user and a password', meet: always('CLIENT_ERROR unauthenticated\r\n')},
  {name: 'sasl', does: 'wants SASL', meet: binaryOnly(0x20)},
  {name: 'binary', does: 'speaks the binary protocol only', meet: binaryOnly(0)},
  {name: 'escapes', does: 'answers with terminal escapes', meet: always(`${escapes}\r\n`)},
  {name: 'nuls', does: 'answers with NULs', meet: always(`${'\0'.repeat(100)}\r\n`)},
  {name: 'echo', does: 'sends back what it gets', meet: socket => socket.pipe(socket)},
  {name: 'endless-line', does: 'answers with a line without end', meet: socket => pour(socket.resume(), 'A')},
  {name: 'drip', does: 'answers a byte a second', meet: socket => drip(socket, 'VERSION 1.6.18\r\n'.repeat(100))},
  {name: 'half', does: 'answers half of a reply', meet: always('VERSION 1')},
  {name: 'half-closes', does: 'hangs up in the middle of its first reply', meet: onceThenCloses('VERSION 1')},
  {name: 'late', does: `answers ${LATE_MS / 1000} s late`, meet: decent(late)},
]

const HEADER_BYTES = 24

/** To binary requests it says that its users have names; on text it hangs up. */
function binaryOnly(status: number): Hostility['meet'] {
  return socket => {
    let bytes: Buffer = Buffer.alloc(0)
    socket.on('data', (chunk: Buffer) => {
      bytes = Buffer.concat([bytes, chunk])
      if (bytes.length < HEADER_BYTES) return
      if (bytes[0] !== 0x80) {
        socket.destroy()
        return
      }
      const header = Buffer.alloc(HEADER_BYTES)
      header[0] = 0x81
      header[1] = bytes[1]!
      header.writeUInt16BE(status, 6)
      const body = status === 0 ? '1.6.18' : 'Auth failure.'
      header.writeUInt32BE(body.length, 8)
      bytes.copy(header, 12, 12, 16)
      socket.write(Buffer.concat([header, Buffer.from(body)]))
    })
  }
}

/** A real TLS server without a certificate, which sees to it that any hello is refused in TLS. */
function speakTls(socket: net.Socket): void {
  const secured = new tls.TLSSocket(socket, {isServer: true, secureContext: tls.createSecureContext({ciphers: 'PSK'})})
  secured.on('error', () => socket.destroy())
}
