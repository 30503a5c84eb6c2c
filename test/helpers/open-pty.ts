import {type IPty, type IPtyForkOptions, spawn} from '@lydell/node-pty'

/** What node-pty has inside: the reading end of the pseudo-terminal. */
interface Insides {
  readonly _socket: {destroy(error?: Error): void}
}

/**
 * Starts a program on a pseudo-terminal. When the program has ended, node-pty closes the terminal after a while,
 * whether what was written last has been read or not; on a busy machine it often has not.
 */
export function openPty(program: string, args: string[], options: IPtyForkOptions): IPty {
  const pty = spawn(program, args, options)
  const socket = socketOf(pty)
  const destroy = socket.destroy.bind(socket)
  socket.destroy = error => {
    if (error !== undefined) destroy(error)
    // In two turns of the event loop all that is there is read.
    else setImmediate(() => setImmediate(destroy))
  }
  return pty
}

/** Takes the terminal away from the program: the kernel tells it so. */
export function hangUp(pty: IPty): void {
  socketOf(pty).destroy()
}

function socketOf(pty: IPty): Insides['_socket'] {
  return (pty as unknown as Insides)._socket
}
