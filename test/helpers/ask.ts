import {once} from 'node:events'
import {connect} from 'node:net'
import type {Address} from '../../src/protocol/address.js'

/** Asks one command whose reply ends with END or is one line; the reply as it came. */
export async function ask(address: Address, command: string): Promise<string> {
  const socket = connect(address)
  try {
    socket.write(`${command}\r\n`, 'latin1')
    let reply = ''
    while (!(command.startsWith('stats') || command.startsWith('get') ? /END\r\n$/ : /\r\n$/).test(reply)) {
      const [chunk] = (await once(socket, 'data')) as [Buffer]
      reply += chunk.toString('latin1')
    }
    return reply
  } finally {
    socket.destroy()
  }
}
