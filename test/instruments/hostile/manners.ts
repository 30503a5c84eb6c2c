import type net from 'node:net'
import {DecentMemcached, type Script} from '../decent-memcached.ts'
import type {Hostility} from './hostility.ts'

export const LATE_MS = 3000
const DRIP_MS = 1000
const CHUNK_BYTES = 64 * 1024
export const escapes = '\x1b]0;X\x07\x1b[31m\x1b[2J\x9b31m\x08\x7f\xe2\x80\xae'

/** Says it whatever comes, once for each chunk. */
export const always = (text: string) => (socket: net.Socket) => {
  socket.on('data', () => socket.write(text, 'latin1'))
}

/** Says it once something came, and hangs up. */
export const onceThenCloses = (text: string) => (socket: net.Socket) => {
  socket.once('data', () => socket.end(text, 'latin1'))
}

/** Says it at once, and then something else to whatever comes. */
export const greets = (greeting: string, reply: string) => (socket: net.Socket) => {
  socket.write(greeting, 'latin1')
  socket.once('data', () => socket.end(reply, 'latin1'))
}

/** Writes for as long as the other side reads. */
export function pour(socket: net.Socket, text: string): void {
  const chunk = Buffer.from(text.repeat(Math.ceil(CHUNK_BYTES / text.length)), 'latin1')
  const more = () => {
    while (socket.writable && socket.write(chunk)) {
      // Full speed, but not all of this process.
      setImmediate(more)
      return
    }
  }
  socket.on('drain', more)
  more()
}

/** A character a second. */
export function drip(socket: net.Socket, text: string): void {
  let at = 0
  const timer = setInterval(() => (at < text.length ? socket.write(text[at++]!, 'latin1') : undefined), DRIP_MS)
  socket.on('close', () => clearInterval(timer))
  socket.resume()
}

/** A decent server but for what the script does. */
export function decent(script?: Script): Hostility['meet'] {
  const items = new Map()
  return socket => new DecentMemcached(socket, {items, script})
}

export const butVersion =
  (script: Script): Script =>
  request =>
    request.verb === 'version' ? undefined : script(request)

export const only =
  (verbs: readonly string[], script: Script): Script =>
  request =>
    verbs.includes(request.verb) ? script(request) : undefined

/** The reply comes when it is no longer expected. */
export const late: Script = ({line, socket}) => {
  const reply = line.startsWith('get') ? 'END\r\n' : line.startsWith('version') ? 'VERSION 1.6.18\r\n' : 'STORED\r\n'
  const timer = setTimeout(() => socket.writable && socket.write(reply), LATE_MS)
  socket.on('close', () => clearTimeout(timer))
  return null
}

export const doing =
  (act: (socket: net.Socket, line: string) => void): Script =>
  ({line, socket}) => {
    act(socket, line)
    return null
  }

export const keyOf = (line: string): string => line.split(' ')[1] ?? 'key'
export const reads = ['get', 'gets']
