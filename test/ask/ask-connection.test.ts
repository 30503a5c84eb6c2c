import {getEventListeners} from 'node:events'
import {describe, expect, it, onTestFinished} from 'vitest'
import {AskConnection, type AskConnectionOptions} from '../../src/ask/ask-connection.js'
import {AskError} from '../../src/ask/ask-error.js'
import {askOnce} from '../../src/ask/ask-once.js'
import {OwnTraffic} from '../../src/ask/own-traffic.js'
import {askText} from '../../src/ask/text-reply.js'
import {ScriptedServer} from '../helpers/scripted-server.js'
import {waitFor} from '../helpers/wait-for.js'

type Answering = (text: string, write: (text: string) => void, end: () => void) => void

async function serve(onData: Answering): Promise<ScriptedServer> {
  const server = await ScriptedServer.listen((text, socket) =>
    onData(
      text,
      answer => void socket.write(Buffer.from(answer, 'latin1')),
      () => void socket.end(),
    ),
  )
  onTestFinished(() => server.close())
  return server
}

function connectTo({address}: ScriptedServer, options: Partial<AskConnectionOptions> = {}): AskConnection {
  const connection = new AskConnection({address, ...options})
  onTestFinished(() => connection.close())
  return connection
}

async function failureOf(asked: Promise<unknown>): Promise<AskError> {
  const error = await asked.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (error instanceof AskError) return error
  throw new Error(`Expected an AskError, got ${String(error)}`)
}

/** Goes on for ever, as long as somebody reads. */
const endless =
  (piece: string): Answering =>
  (_, write) => {
    const more = (): void => {
      write(piece.repeat(100))
      setImmediate(more)
    }
    const timer = setImmediate(more)
    onTestFinished(() => clearImmediate(timer))
  }

describe('AskConnection', () => {
  it('answers questions in their order, with lines and data', async () => {
    const server = await serve((text, write) => {
      if (text.includes('get a')) write('VALUE a 0 5\r\nx\r\ny\n\r\nEND\r\n')
      if (text.includes('version')) write('VERSION 1\r\n')
    })
    const connection = connectTo(server)
    const [value, version] = await Promise.all([askText(connection, 'get a'), askText(connection, 'version')])
    expect(value).toMatchObject({
      kind: 'end',
      lastLine: 'END',
      lines: ['VALUE a 0 5', 'END'],
      data: 'x\r\ny\n',
      bytes: 25,
    })
    expect(version).toMatchObject({kind: 'version', lines: ['VERSION 1'], data: ''})
  })

  it('gives a reply up that does not come in time, and all that were behind it', async () => {
    const server = await serve(() => {})
    const connection = connectTo(server, {limits: {timeoutMs: 50}})
    const [first, second] = await Promise.all([
      failureOf(askText(connection, 'stats')),
      failureOf(askText(connection, 'version')),
    ])
    const where = `127.0.0.1:${server.address.port}`
    expect(first).toMatchObject({code: 'ERR_ASK_TIMEOUT', got: 'no reply within 50 ms', address: server.address})
    expect(first.message).toBe(`Expected an answer from ${where}, got no reply within 50 ms`)
    expect(second.code).toBe('ERR_ASK_TIMEOUT')
    expect((await failureOf(askText(connection, 'version'))).got).toBe('no reply within 50 ms')
  })

  it('gives a reply up that drips', async () => {
    const server = await serve((_, write) => {
      const timer = setInterval(() => write('S'), 5)
      onTestFinished(() => clearInterval(timer))
    })
    const asked = askText(connectTo(server, {limits: {timeoutMs: 60, bytesPerSecondMin: 10_000}}), 'stats')
    expect(await failureOf(asked)).toMatchObject({
      code: 'ERR_ASK_TIMEOUT',
      got: expect.stringMatching(/^an unfinished reply of \d+ bytes after 60 ms$/),
    })
  })

  it('gives a long reply more time, as long as it comes fast enough', async () => {
    const server = await serve((_, write) => {
      let left = 20
      const timer = setInterval(() => {
        write(`STAT a ${'x'.repeat(1000)}\r\n`)
        if (--left > 0) return
        clearInterval(timer)
        write('END\r\n')
      }, 10)
      onTestFinished(() => clearInterval(timer))
    })
    const connection = connectTo(server, {limits: {timeoutMs: 150, bytesPerSecondMin: 1000}})
    expect((await askText(connection, 'stats')).lines).toHaveLength(21)
  })

  it.each([
    ['STAT lines', 'STAT a 1\r\n', {maxLines: 1000}, 'a reply of more than 1000 lines'],
    ['STAT lines', 'STAT a 1\r\n', {maxBytes: 100_000}, 'a reply of more than 100000 bytes'],
    ['values', 'VALUE a 0 1\r\nx\r\n', {maxBytes: 100_000}, 'a reply of more than 100000 bytes'],
    ['a line', 'xxxxxxxxxx', {}, `a line of more than 8192 bytes: '${'x'.repeat(100)}…'`],
  ])('stops reading endless %s', async (_, piece, limits, got) => {
    const server = await serve(endless(piece))
    expect(await failureOf(askText(connectTo(server, {limits}), 'stats'))).toMatchObject({
      code: 'ERR_ASK_TOO_LONG',
      got,
    })
    await waitFor(() => expect(server.connections()).toBe(1))
  })

  it('takes no value that is too large, before it comes', async () => {
    const server = await serve((_, write) => write('VALUE a 0 999999999\r\n'))
    const read: number[] = []
    const connection = connectTo(server, {limits: {maxBytes: 1000}})
    const asked = connection.ask('get a\r\n', {reader: {onValue: (_bytes, _start, _end, size) => read.push(size)}})
    expect(await failureOf(asked)).toMatchObject({code: 'ERR_ASK_TOO_LONG', got: 'a reply of more than 1000 bytes'})
    expect(read).toEqual([])
  })

  it.each([
    ['at once', (_text, _write, end) => end(), 'a connection closed without a word'],
    [
      'in the middle',
      (_text, write, end) => {
        write('STAT a 1\r\nSTA')
        end()
      },
      'a connection closed in the middle of a reply',
    ],
  ] as [string, Answering, string][])('says how a connection ended: %s', async (_, answer, got) => {
    const server = await serve(answer)
    expect(await failureOf(askText(connectTo(server), 'stats'))).toMatchObject({code: 'ERR_ASK_CLOSED', got})
  })

  it('says why there is no connection', async () => {
    const nobody = new AskConnection({address: {host: '127.0.0.1', port: 1}, expected: 'STAT lines'})
    const error = await failureOf(askText(nobody, 'stats'))
    expect(error.code).toBe('ERR_ASK_REFUSED')
    expect(error.message).toBe('Expected STAT lines from 127.0.0.1:1, got a refused connection: nothing listens there')
    expect((await failureOf(nobody.open())).code).toBe('ERR_ASK_REFUSED')
  })

  it('takes no answer for the next one that nobody has asked for', async () => {
    const server = await serve((_, write) => write('VERSION 1\r\n\x1b]0;X\x07\r\n'))
    const connection = connectTo(server)
    expect((await askText(connection, 'version')).lastLine).toBe('VERSION 1')
    await waitFor(() => expect(connection.connected).toBe(false))
    const error = await failureOf(askText(connection, 'version'))
    expect(error).toMatchObject({code: 'ERR_ASK_REPLY', got: "'\\x1b]0;X\\x07', which nobody has asked for"})
  })

  it('is interrupted by its signal, and leaves nothing behind at one that outlives it', async () => {
    const server = await serve((text, write) => {
      if (text.startsWith('version')) write('VERSION 1\r\n')
    })
    const {signal} = new AbortController()
    for (let round = 0; round < 3; round++) {
      const connection = connectTo(server, {signal})
      await askText(connection, 'version')
      connection.close()
    }
    expect(getEventListeners(signal, 'abort')).toEqual([])
    const stop = new AbortController()
    const asked = failureOf(askText(connectTo(server, {signal: stop.signal}), 'stats'))
    stop.abort()
    expect(await asked).toMatchObject({code: 'ERR_ASK_ABORTED', got: 'an interrupt'})
    expect((await failureOf(askText(connectTo(server, {signal: stop.signal}), 'version'))).got).toBe('an interrupt')
  })

  it('is dialled again after it was lost, where that is wanted', async () => {
    const server = await serve((text, write, end) => (text.startsWith('quit') ? end() : write('VERSION 1\r\n')))
    const traffic = new OwnTraffic()
    const connection = connectTo(server, {redials: true, traffic: [traffic]})
    const seen = () => {
      const {bytesRead, bytesWritten, underWay} = traffic.counts()
      return {made: traffic.connectionsMade, open: traffic.connections, bytesRead, bytesWritten, underWay}
    }
    await askText(connection, 'version')
    expect(seen()).toEqual({made: 1, open: 1, bytesRead: 9, bytesWritten: 11, underWay: 0})
    expect((await failureOf(askText(connection, 'quit'))).got).toBe('a closed connection')
    expect(seen()).toEqual({made: 1, open: 0, bytesRead: 15, bytesWritten: 11, underWay: 0})
    expect((await askText(connection, 'version')).lines).toEqual(['VERSION 1'])
    expect(seen()).toEqual({made: 2, open: 1, bytesRead: 24, bytesWritten: 22, underWay: 0})
  })

  it('reads no rest of an old connection as replies to questions that are asked when it is dropped', async () => {
    const server = await serve((text, write) =>
      write(text.startsWith('stats') ? 'STAT a 1\r\n'.repeat(50) : 'VERSION 1\r\n'),
    )
    const connection = connectTo(server, {redials: true, limits: {maxLines: 3}})
    const {promise, resolve} = Promise.withResolvers<unknown>()
    connection.send({request: 'stats\r\n', settle: () => resolve(askText(connection, 'version'))})
    expect(await promise).toMatchObject({lines: ['VERSION 1']})
  })
})

describe('askOnce', () => {
  it('says what was asked of whom, and what came', async () => {
    const server = await serve(() => {})
    const error = await failureOf(askOnce(server.address, 'stats', {timeoutMs: 30}))
    expect(error.message).toBe(
      `Expected an answer to 'stats' from 127.0.0.1:${server.address.port}, got no reply within 30 ms`,
    )
  })
})
