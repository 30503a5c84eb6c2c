import type {NetConnectOpts, Server, SocketConstructorOpts} from 'node:net'
import {Socket} from 'node:net'

/**
 * How sockets read into one shared buffer: the callback must have used the bytes
 * when it returns; false pauses the socket.
 */
export interface ReadInto {
  readonly buffer: Buffer
  readonly onRead: (length: number, bytes: Buffer) => boolean
}

interface WithHandle {
  _handle: {readStart?: unknown; readonly fd?: number} | null
}

/** File descriptor of a socket or server, which names it in memcached's log; null when it has none. */
export function descriptorOf(socket: Socket | Server): number | null {
  const fd = (socket as unknown as WithHandle)._handle?.fd
  return fd === undefined || fd < 0 ? null : fd
}

/**
 * Makes an accepted socket (of a server with `pauseOnConnect` and `allowHalfOpen`)
 * read into a shared buffer. Node.js offers `onread` for outgoing sockets only, so
 * this moves the handle to a new socket. Without such a handle it listens to `data`
 * events, which allocate a buffer for each read.
 */
export function adoptSocket(accepted: Socket, {buffer, onRead}: ReadInto, {forceEvents = false} = {}): Socket {
  const inner = accepted as unknown as WithHandle
  const handle = inner._handle
  if (forceEvents || typeof handle?.readStart !== 'function') {
    accepted.on('data', (chunk: Buffer) => {
      if (!onRead(chunk.length, chunk)) accepted.pause()
    })
    accepted.resume()
    return accepted
  }
  const options = {handle, allowHalfOpen: true, onread: {buffer, callback: onRead}}
  const socket = new Socket(options as unknown as SocketConstructorOpts)
  inner._handle = null
  socket.resume()
  return socket
}

/** The same for an outgoing connection, by the public option. */
export function onreadOption({buffer, onRead}: ReadInto): Pick<NetConnectOpts, 'onread'> {
  return {onread: {buffer, callback: (length, bytes) => onRead(length, bytes as Buffer)}}
}
