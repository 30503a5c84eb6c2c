import {describe, expect, it} from 'vitest'
import {Line} from '../../../helpers/converse.js'
import {createEmbedded, startEmbedded} from '../../../helpers/embedded.js'

describe('-Y', () => {
  const auth = {
    file: 'users',
    credentials: [
      {user: 'ann', password: 'secret'},
      {user: 'bob', password: 'other one'},
    ],
  }

  it('refuses every command before a client is authenticated', async () => {
    const {address} = await startEmbedded({auth, bindingProtocol: 'ascii'})
    const client = await Line.dial(address)
    const ask = async (text: string) => {
      client.send(text)
      return await client.until('\r\n')
    }
    expect(await ask('get a\r\n')).toBe('CLIENT_ERROR unauthenticated\r\n')
    expect(await ask('set x 0 0 99999\r\n')).toBe('CLIENT_ERROR auth token too long\r\n')
    expect(await ask('set x 0 0 3\r\nann\r\n')).toBe('CLIENT_ERROR bad authentication token format\r\n')
    expect(await ask('set x 0 0 10\r\nann secreT\r\n')).toBe('CLIENT_ERROR authentication failure\r\n')
    expect(await ask('set x 0 0 3\r\nann secret\r\n')).toBe('CLIENT_ERROR bad command line termination\r\n')
  })

  it('accepts a user of the file, and then every command', async () => {
    const {address} = await startEmbedded({auth, bindingProtocol: 'ascii'})
    const client = await Line.dial(address)
    client.send('set any 0 0 13\r\nbob other one\r\nset a 0 0 1\r\nx\r\nget a\r\n')
    expect(await client.until('END\r\n')).toBe('STORED\r\nSTORED\r\nVALUE a 0 1\r\nx\r\nEND\r\n')
    client.send('stats\r\n')
    expect(await client.until('END\r\n')).toContain('STAT auth_cmds 1\r\nSTAT auth_errors 0\r\n')
  })
})

describe('-A', () => {
  it('lets a client end the node, gracefully or at once', async () => {
    for (const [line, mode] of [
      ['shutdown\r\n', 'now'],
      ['shutdown graceful\r\n', 'graceful'],
    ] as const) {
      const modes: string[] = []
      const {address} = await startEmbedded({shutdownCommand: true}, asked => modes.push(asked))
      const client = await Line.dial(address)
      client.send(line)
      expect(await client.untilClosed()).toBe('')
      expect(modes).toEqual([mode])
    }
  })
})

describe('-o idle_timeout', () => {
  it('closes an idle client, but not one that is being answered or watches', async () => {
    const {address} = await startEmbedded({idleTimeoutSeconds: 1, like: '1.6'})
    const [idle, watcher] = [await Line.dial(address), await Line.dial(address)]
    watcher.send('watch evictions\r\n')
    await watcher.until('OK\r\n')
    expect(await idle.untilClosed()).toBe('')
    const client = await Line.dial(address)
    client.send('stats\r\n')
    expect(await client.until('END\r\n')).toContain('STAT idle_kicks 1\r\n')
    expect(watcher.ended).toBe(false)
  })
})

describe('-p 0', () => {
  it('opens no port', async () => {
    const {node} = createEmbedded({listensTcp: false})
    await node.start()
    expect(node.addresses).toEqual([])
  })
})
