import {once} from 'node:events'
import {type AddressInfo, createServer, type Socket} from 'node:net'

export interface EscapeServerOptions {
  /** What it puts into whatever it says; no line ends. */
  readonly text: string
  /** Whether it says STORED, so that a load goes on, or refuses in hostile words. */
  readonly stores: boolean
}

export interface EscapeServer {
  readonly port: number
  close(): Promise<void>
}

const storing = /^(?:set|add|replace|append|prepend|cas) \S+ \d+ -?\d+ (\d+)/

/** A server that speaks memcached's protocol, with a text of the caller's in every value, name, version and error. */
export async function startEscapeServer(options: EscapeServerOptions): Promise<EscapeServer> {
  const sockets = new Set<Socket>()
  const server = createServer({noDelay: true}, socket => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => sockets.delete(socket))
    let left = ''
    socket.on('data', chunk => {
      left += chunk.toString('latin1')
      for (let end = left.indexOf('\n'); end >= 0; end = left.indexOf('\n')) {
        const line = left.slice(0, end).trimEnd()
        const size = storing.exec(line)?.[1]
        const length = end + 1 + (size === undefined ? 0 : Number(size) + 2)
        if (left.length < length) return
        left = left.slice(length)
        if (!line.endsWith(' noreply')) socket.write(answerOf(line, options))
      }
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

function answerOf(line: string, {text, stores}: EscapeServerOptions): string {
  const [verb = '', ...words] = line.split(' ')
  const size = Buffer.byteLength(text)
  switch (verb) {
    case 'get':
    case 'gets':
      return `${words.map(key => `VALUE ${key} 0 ${size}${verb === 'gets' ? ' 7' : ''}\r\n${text}\r\n`).join('')}END\r\n`
    case 'set':
      return stores ? 'STORED\r\n' : `SERVER_ERROR ${text}\r\n`
    case 'version':
      // Longer ones are taken for no version.
      return `VERSION ${text.slice(0, 200)}\r\n`
    case 'stats':
      return `${statsOf(words[0], text)}END\r\n`
    case 'lru_crawler':
      return `key=${encodeURIComponent(text)} exp=-1 la=1 cas=1 fetch=no cls=1 size=64\r\nEND\r\n`
    default:
      return `CLIENT_ERROR ${text}\r\n`
  }
}

function statsOf(name: string | undefined, text: string): string {
  const figures: Readonly<Record<string, string>> = {
    items: 'STAT items:1:number 1\r\nSTAT items:1:age 5\r\n',
    slabs: 'STAT 1:chunk_size 96\r\nSTAT 1:total_pages 1\r\nSTAT 1:used_chunks 1\r\nSTAT 1:total_chunks 10\r\n',
    cachedump: `ITEM ${text.replaceAll(' ', '')} [1 b; 0 s]\r\n`,
  }
  const known = figures[name ?? '']
  if (known !== undefined) return `${known}STAT ${name}:${text} ${text}\r\n`
  return [
    'STAT pid 1',
    `STAT uptime ${text}`,
    `STAT version ${text}`,
    'STAT cmd_get 1',
    'STAT curr_items 1',
    `STAT ${text} ${text}`,
    `STAT repcached_version ${text}`,
    '',
  ].join('\r\n')
}
