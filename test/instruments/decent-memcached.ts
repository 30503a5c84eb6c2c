import type net from 'node:net'

interface DecentRequest {
  /** The command line without its end. */
  readonly line: string
  readonly verb: string
  readonly socket: net.Socket
}

/** A reply; null: none, or the script has seen to it; undefined: as a decent server answers. */
export type Script = (request: DecentRequest) => string | null | undefined

const storing = new Set(['set', 'add', 'replace', 'append', 'prepend', 'cas'])
const ITEMS_MAX = 10_000

/** Items of all connections to one server. */
type Items = Map<string, {flags: string; value: string}>

/**
 * An instrument: one connection of a small server that knows the commands which
 * clients begin with, and leaves any of them to a script.
 */
export class DecentMemcached {
  readonly #socket: net.Socket
  readonly #items: Items
  readonly #script: Script
  #left = ''
  /** The data block that is awaited after a storing line. */
  #storing: {line: string; size: number} | null = null

  constructor(socket: net.Socket, {items, script = () => undefined}: {items: Items; script?: Script | undefined}) {
    this.#socket = socket
    this.#items = items
    this.#script = script
    socket.on('data', chunk => this.#take(chunk.toString('latin1')))
  }

  #take(text: string): void {
    this.#left += text
    while (this.#socket.writable) {
      if (this.#storing !== null) {
        const {line, size} = this.#storing
        if (this.#left.length < size + 2) return
        const value = this.#left.slice(0, size)
        this.#left = this.#left.slice(size + 2)
        this.#storing = null
        this.#answer(line, value)
        continue
      }
      const end = this.#left.indexOf('\r\n')
      if (end < 0) return
      const line = this.#left.slice(0, end)
      this.#left = this.#left.slice(end + 2)
      const words = line.split(' ')
      if (storing.has(words[0]!)) this.#storing = {line, size: Number(words[4])}
      else this.#answer(line, '')
    }
  }

  #answer(line: string, value: string): void {
    const verb = line.split(' ')[0]!
    if (verb === 'quit') {
      this.#socket.end()
      return
    }
    const scripted = this.#script({line, verb, socket: this.#socket})
    const reply = scripted === undefined ? this.#decently(line.split(' '), value) : scripted
    if (reply !== null && !line.endsWith(' noreply')) this.#socket.write(reply, 'latin1')
  }

  #decently(words: readonly string[], value: string): string {
    const [verb, key = '', flags = '0'] = words
    switch (verb) {
      case 'version':
        return 'VERSION 1.6.18\r\n'
      case 'get':
      case 'gets':
        return `${words
          .slice(1)
          .map(name => this.#read(name, verb === 'gets'))
          .join('')}END\r\n`
      case 'delete':
        return this.#items.delete(key) ? 'DELETED\r\n' : 'NOT_FOUND\r\n'
      case 'flush_all':
        this.#items.clear()
        return 'OK\r\n'
      case 'verbosity':
        return 'OK\r\n'
      case 'stats':
        return words.length === 1 ? this.#stats() : 'END\r\n'
      default:
        if (!storing.has(verb!)) return 'ERROR\r\n'
        if (this.#items.size < ITEMS_MAX) this.#items.set(key, {flags, value})
        return 'STORED\r\n'
    }
  }

  #read(key: string, withCas: boolean): string {
    const item = this.#items.get(key)
    if (item === undefined) return ''
    return `VALUE ${key} ${item.flags} ${item.value.length}${withCas ? ' 1' : ''}\r\n${item.value}\r\n`
  }

  #stats(): string {
    const figures = {
      pid: process.pid,
      uptime: Math.floor(performance.now() / 1000),
      version: '1.6.18',
      curr_connections: 1,
      max_connections: 1024,
      curr_items: this.#items.size,
      total_items: this.#items.size,
      evictions: 0,
    }
    const lines = Object.entries(figures).map(([name, value]) => `STAT ${name} ${value}\r\n`)
    return `${lines.join('')}END\r\n`
  }
}
