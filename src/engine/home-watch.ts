import net from 'node:net'
import type {Address} from '../protocol/address.js'

const INTERVAL_MS = 500

/**
 * Asks a server that was given up whether it answers again: a connection alone
 * says little, because the kernel of a frozen process takes it too.
 */
export class HomeWatch {
  readonly #onAnswer: (home: Address) => void
  readonly #asking = new Map<Address, net.Socket>()
  #timer: NodeJS.Timeout | undefined

  constructor({onAnswer}: {onAnswer: (home: Address) => void}) {
    this.#onAnswer = onAnswer
  }

  /** Asks now and then until stop(). @param homes are asked for before each round */
  start(homes: () => readonly Address[]): void {
    this.#timer = setInterval(() => {
      for (const home of homes()) if (!this.#asking.has(home)) this.#ask(home)
    }, INTERVAL_MS)
  }

  stop(): void {
    clearInterval(this.#timer)
    for (const socket of this.#asking.values()) socket.destroy()
    this.#asking.clear()
  }

  #ask(home: Address): void {
    const socket = net.connect({host: home.host, port: home.port, noDelay: true})
    this.#asking.set(home, socket)
    let answer = ''
    socket.setEncoding('latin1')
    socket.setTimeout(INTERVAL_MS * 4, () => socket.destroy())
    socket.on('connect', () => socket.write('version\r\n'))
    socket.on('data', (text: string) => {
      answer += text
      if (answer.includes('\n') || answer.length > 1000) socket.destroy()
    })
    // It does not answer: the close that follows says the same.
    socket.on('error', () => {})
    socket.on('close', () => {
      if (this.#asking.get(home) !== socket) return
      this.#asking.delete(home)
      if (/^VERSION [^\n]*\n/.test(answer)) this.#onAnswer(home)
    })
  }
}
