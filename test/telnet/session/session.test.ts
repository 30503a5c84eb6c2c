import {afterEach, beforeEach, describe, expect, it} from 'vitest'
import {toPrintable} from '../../../src/protocol/printable.js'
import {ConsoleSession, type ConsoleSessionOptions} from '../../../src/telnet/session/session.js'
import {ScriptedServer} from '../../helpers/scripted-server.js'
import {waitFor} from '../../helpers/wait-for.js'

let server: ScriptedServer
const sessions: ConsoleSession[] = []

beforeEach(async () => {
  server = await ScriptedServer.listen()
})

afterEach(async () => {
  for (const session of sessions.splice(0)) session.close()
  await server.close()
})

function open(options: Partial<ConsoleSessionOptions> = {}): ConsoleSession {
  const session = new ConsoleSession({address: server.address, ...options})
  sessions.push(session)
  return session
}

async function openConnected(options: Partial<ConsoleSessionOptions> = {}): Promise<ConsoleSession> {
  const session = open(options)
  await waitFor(() => expect(session.state()).toBe('connected'))
  await waitFor(() => expect(server.connections()).toBe(1))
  return session
}

const textsOf = (session: ConsoleSession) => session.entries().map(({text}) => text)

describe('ConsoleSession', () => {
  it('greets as telnet does', async () => {
    const session = open()
    expect(session.state()).toBe('connecting')
    await waitFor(() => expect(session.state()).toBe('connected'))
    expect(textsOf(session)).toEqual(['Trying 127.0.0.1...', 'Connected to 127.0.0.1.', "Escape character is '^]'."])
  })

  it('shows what was typed and what came back, with the latency at the end of the reply', async () => {
    let nowMs = 100
    const session = await openConnected({now: () => nowMs})
    session.send('get key1')
    await waitFor(() => expect(server.received()).toBe('get key1\r\n'))
    nowMs = 100.25
    server.send('VALUE key1 0 3\r\n111\r\nEND\r\n')
    await waitFor(() => expect(textsOf(session)).toContain('END'))
    const shown = session.entries().slice(3)
    expect(shown.map(({atMs: _, ...entry}) => entry)).toEqual([
      {kind: 'sent', text: 'get key1', latencyUs: null, monotonicMs: 100},
      {kind: 'received', text: 'VALUE key1 0 3', latencyUs: null, monotonicMs: 100.25},
      {kind: 'received', text: '111', latencyUs: null, monotonicMs: 100.25},
      {kind: 'received', text: 'END', latencyUs: 250, monotonicMs: 100.25},
    ])
  })

  it('reads no more while it is paused', async () => {
    const session = await openConnected()
    session.observe(() => session.pause())
    session.send('get key1')
    session.resume()
    const lines = 'VALUE key1 0 1\r\nx\r\n'.repeat(50_000)
    await waitFor(() => expect(server.received()).toBe('get key1\r\n'))
    for (let count = 0; count < 20; count++) server.send(lines)
    server.send('END\r\n')
    await waitFor(() => expect(textsOf(session)).toContain('x'))
    expect(server.unsentBytes()).toBeGreaterThan(0)
    expect(textsOf(session)).not.toContain('END')
    const reading = setInterval(() => session.resume(), 1)
    await waitFor(() => expect(textsOf(session)).toContain('END'))
    clearInterval(reading)
  })

  it('measures a storage command from its data block on', async () => {
    let nowMs = 0
    const session = await openConnected({now: () => nowMs})
    session.send('set key5 0 0 5')
    expect(session.dataBytesExpected()).toBe(5)
    nowMs = 5000
    session.send('99999')
    expect(session.dataBytesExpected()).toBeNull()
    nowMs = 5001
    server.send('STORED\r\n')
    await waitFor(() => expect(session.entries().at(-1)).toMatchObject({text: 'STORED', latencyUs: 1000}))
  })

  it('matches replies with commands when some want none', async () => {
    let nowMs = 0
    const session = await openConnected({now: () => nowMs})
    session.send('delete a noreply')
    nowMs = 10
    session.send('get a')
    nowMs = 11
    server.send('END\r\n')
    await waitFor(() => expect(session.entries().at(-1)).toMatchObject({text: 'END', latencyUs: 1000}))
  })

  it('gives each reply of meta commands its own latency, the value and what follows included', async () => {
    let nowMs = 0
    const session = await openConnected({now: () => nowMs})
    const exchange = async (line: string, reply: string) => {
      session.send(line)
      nowMs += 1
      server.send(reply)
      const shown = toPrintable(Buffer.from(reply.trimEnd().split('\r\n').at(-1) ?? ''))
      await waitFor(() => expect(session.entries().at(-1)?.text).toBe(shown))
      nowMs += 5000
    }
    await exchange('mg a v', 'VA 3\r\nhi!\r\n')
    await exchange('get a', 'END\r\n')
    session.send('mg b v q')
    nowMs += 5000
    await exchange('mn', 'MN\r\n')
    await exchange('mg c v k q', 'VA 2 kc\r\nEN\r\n')
    await exchange('version', 'VERSION 1.6.18\r\n')
    const latencies = session.entries().flatMap(({text, latencyUs}) => (latencyUs === null ? [] : [[text, latencyUs]]))
    expect(latencies).toEqual([
      ['hi!', 1000],
      ['END', 1000],
      ['MN', 1000],
      ['EN', 1000],
      ['VERSION 1.6.18', 1000],
    ])
    expect(session.repliesDue()).toBe(0)
  })

  it('shows a reply that comes in pieces once it is there, lines of a value apart', async () => {
    const session = await openConnected()
    session.send('get a')
    server.send('VALUE a 0 7\r\nx\r\n')
    await waitFor(() => expect(textsOf(session)).toContain('x'))
    server.send('\x00y\x1b\xff\r\nEND\r\n')
    await waitFor(() => expect(textsOf(session)).toContain('END'))
    expect(textsOf(session).slice(-3)).toEqual(['x', '\\x00y\\x1b\\xff', 'END'])
  })

  it('shows a long value shortened', async () => {
    const session = await openConnected()
    server.send(`VALUE a 0 1000000\r\n${'v'.repeat(1_000_000)}\r\nEND\r\n`)
    await waitFor(() => expect(textsOf(session)).toContain('END'))
    expect(textsOf(session).at(-2)).toBe(`${'v'.repeat(2048)}… (997952 more bytes)`)
  })

  it('is bounded, and gives a new array after every change', async () => {
    const session = await openConnected({maxEntries: 10})
    const before = session.entries()
    expect(session.entries()).toBe(before)
    server.send('STAT a 1\r\n'.repeat(100))
    server.send('END\r\n')
    await waitFor(() => expect(textsOf(session)).toContain('END'))
    expect(session.entries()).toHaveLength(10)
    expect(before).toHaveLength(3)
  })

  it('tells its listener what is new', async () => {
    const fresh: string[] = []
    const session = await openConnected({onChange: entries => fresh.push(...entries.map(({text}) => text))})
    session.send('version')
    server.send('VERSION 1.4.13\r\n')
    await waitFor(() => expect(fresh).toContain('VERSION 1.4.13'))
    expect(fresh).toEqual(textsOf(session))
  })

  it('says that the node closed the connection, and then sends nothing', async () => {
    const session = await openConnected()
    server.disconnect()
    await waitFor(() => expect(session.state()).toBe('closed'))
    expect(textsOf(session).at(-1)).toBe('Connection closed by foreign host.')
    session.send('get a')
    expect(textsOf(session).at(-1)).toBe('Not connected.')
    expect(server.received()).toBe('')
  })

  it('says why it cannot connect', async () => {
    const gone = await ScriptedServer.listen()
    await gone.close()
    const session = open({address: gone.address})
    await waitFor(() => expect(session.state()).toBe('closed'))
    expect(textsOf(session).at(-1)).toBe(`Unable to connect to 127.0.0.1:${gone.address.port}: Connection refused`)
  })

  it('closes once', async () => {
    const session = await openConnected()
    session.close()
    session.close()
    expect(session.state()).toBe('closed')
    expect(textsOf(session).filter(text => text === 'Connection closed.')).toHaveLength(1)
  })
})
