import {once} from 'node:events'
import {connect, type Socket} from 'node:net'

/** One connection that asks one thing at a time. */
export class TextClient {
  readonly #socket: Socket
  #reply = ''
  #end = ''
  #answered: (reply: string) => void = () => {}

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.setEncoding('latin1')
    socket.on('data', (text: unknown) => {
      this.#reply += text
      if (this.#reply.endsWith(this.#end)) this.#answered(this.#reply)
    })
  }

  static async connect(host: string, port: number): Promise<TextClient> {
    const socket = connect({host, port, noDelay: true})
    await once(socket, 'connect')
    return new TextClient(socket)
  }

  /** Resolves with the reply as soon as it ends with `end`. */
  async ask(request: string | Buffer, end: string): Promise<string> {
    this.#reply = ''
    this.#end = end
    return await new Promise(resolve => {
      this.#answered = resolve
      this.#socket.write(request)
    })
  }

  close(): void {
    this.#socket.destroy()
  }
}
