import {expect, it, onTestFinished} from 'vitest'
import {converse, Line} from '../../../helpers/converse.js'
import {startEmbedded} from '../../../helpers/embedded.js'
import {waitFor} from '../../../helpers/wait-for.js'

const value = 'v'.repeat(1_000_000)
const asked = 40

async function ask(unreadTimeoutMs: number) {
  const {address, log} = await startEmbedded({unreadTimeoutMs})
  await converse(address, `set big 0 0 ${value.length}\r\n${value}\r\n`)
  const client = await Line.dial(address)
  onTestFinished(() => client.close())
  client.socket.pause()
  client.send('get big\r\n'.repeat(asked))
  return {address, client, log}
}

it('a client that never reads its replies is cut off', async () => {
  const {address, log} = await ask(50)
  await waitFor(() => expect(log.at(-1)).toMatch(/^<\d+ has read nothing for 0.05 s: connection closed$/))
  // What is left is the connection that asks.
  await waitFor(async () => expect(await converse(address, 'stats\r\n')).toContain('STAT curr_connections 1\r\n'))
})

it('a client that reads late gets everything', async () => {
  const {client, log} = await ask(60_000)
  let received = 0
  client.socket.removeAllListeners('data').on('data', chunk => {
    received += chunk.length
  })
  const expected = asked * `VALUE big 0 ${value.length}\r\n${value}\r\nEND\r\n`.length
  client.socket.resume()
  await waitFor(() => expect(received).toBe(expected))
  expect(log).toEqual([])
})
