import {describe, expect, it, onTestFinished} from 'vitest'
import {RawConnection, type RawConnectionOptions, type TakeAnswer} from '../../src/ask/raw-connection.js'
import {ScriptedServer} from '../helpers/scripted-server.js'

const two: TakeAnswer<string> = received =>
  received.length < 2 ? null : {answer: received.toString('latin1', 0, 2), bytes: 2}

async function ask(
  onData: (text: string, server: ScriptedServer) => void,
  options: Partial<RawConnectionOptions> = {},
): Promise<RawConnection> {
  const server = await ScriptedServer.listen(text => onData(text, server))
  onTestFinished(() => server.close())
  const connection = new RawConnection({address: server.address, ...options})
  onTestFinished(() => connection.close())
  return connection
}

describe('RawConnection', () => {
  it('takes one answer after the other, whatever comes at once', async () => {
    const connection = await ask((_, server) => server.send('aabb'))
    expect(await connection.ask('x', two)).toBe('aa')
    expect(await connection.ask('', received => two(received))).toBe('bb')
  })

  it('keeps the beginning of what is no answer', async () => {
    const connection = await ask((_, server) => {
      server.send('z')
      server.disconnect()
    })
    const asked = connection.ask('x', two)
    await expect(asked).rejects.toMatchObject({code: 'ERR_ASK_CLOSED', received: Buffer.from('z')})
  })

  it('stops reading an endless answer', async () => {
    const connection = await ask((_, server) => server.send('x'.repeat(2000)), {limits: {maxBytes: 1000}})
    await expect(connection.ask('x', () => null)).rejects.toMatchObject({
      code: 'ERR_ASK_TOO_LONG',
      got: 'an answer of more than 1000 bytes',
    })
  })

  it('waits no longer than it may, and not after its signal', async () => {
    const late = await ask(() => {}, {limits: {timeoutMs: 30}})
    await expect(late.ask('x', two)).rejects.toMatchObject({code: 'ERR_ASK_TIMEOUT', got: 'no reply within 30 ms'})
    const interrupted = await ask(() => {}, {signal: AbortSignal.abort()})
    await expect(interrupted.ask('x', two)).rejects.toMatchObject({code: 'ERR_ASK_ABORTED'})
  })
})
