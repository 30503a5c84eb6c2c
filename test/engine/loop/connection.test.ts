import type {Socket} from 'node:net'
import {beforeEach, describe, expect, onTestFinished, test, vi} from 'vitest'
import {CasUnique} from '../../../src/engine/loop/cas-unique.js'
import {Connection, type ConnectionOwner} from '../../../src/engine/loop/connection.js'
import type {ReadChecker} from '../../../src/engine/verify/read-checker.js'
import {scheduleOfShare} from '../../../src/engine/workload/call-schedule.js'
import {Workload} from '../../../src/engine/workload/workload.js'
import {ScriptedServer} from '../../helpers/scripted-server.js'
import {makePlan} from '../helpers/plans.js'

let nowMs = 0
let log: string[] = []
let server: ScriptedServer
let sockets: Socket[] = []

const owner: ConnectionOwner = {
  opened: () => void log.push('opened'),
  received: bytes => void log.push(`received ${bytes}`),
  replied: (_, kind, values) => void log.push(values > 0 ? `${kind} ${values}` : kind),
  flushed: () => void log.push('flushed'),
  closed: (_, failure, before) => void log.push(`closed ${failure} when ${before}`),
}

beforeEach(async () => {
  nowMs = 0
  log = []
  sockets = []
  server = await ScriptedServer.listen((_, socket) => sockets.push(socket))
  onTestFinished(() => server.close())
})

function makeConnection(parts: {casUnique?: CasUnique; checker?: ReadChecker} = {}): Connection {
  const connection = new Connection({
    slot: 2,
    index: 5,
    schedule: scheduleOfShare(10),
    workload: new Workload(makePlan(), 0),
    owner,
    clock: () => nowMs,
    ...parts,
  })
  onTestFinished(() => connection.close())
  return connection
}

const until = (line: string) => vi.waitFor(() => expect(log.join(', ')).toContain(line), {interval: 2})

function open(connection: Connection, target = server.address): void {
  connection.open({target, readBuffer: Buffer.alloc(65_536)})
}

async function opened(connection = makeConnection()): Promise<Connection> {
  open(connection)
  await until('opened')
  return connection
}

const call = {intendedMs: 1, sentMs: 1, method: 0, key: 1, size: 1}

describe('a connection', () => {
  test('goes from new over connecting to open, and knows when', async () => {
    const connection = makeConnection()
    expect(connection).toMatchObject({state: 'new', alive: false, openings: 0, backedUp: false, slot: 2, index: 5})
    connection.wait()
    expect(connection.state).toBe('waiting')
    nowMs = 10
    open(connection)
    expect(connection).toMatchObject({state: 'connecting', alive: false, connectingSinceMs: 10})
    nowMs = 20
    await until('opened')
    expect(connection).toMatchObject({state: 'open', alive: true, openings: 1, failures: 0, writableSinceMs: 20})
    expect(log).toEqual(['opened'])
  })

  test('that drains is alive, and closes like another', async () => {
    const connection = await opened()
    connection.drain()
    expect(connection).toMatchObject({state: 'draining', alive: true})
    connection.close()
    connection.close()
    expect(log).toEqual(['opened', 'closed null when draining'])
    expect(connection).toMatchObject({state: 'closed', alive: false, failures: 0})
  })

  test('that leaves its server tells nobody, and can be opened again', async () => {
    const connection = await opened()
    connection.leave()
    expect(connection.state).toBe('waiting')
    await vi.waitFor(() => expect(server.connections()).toBe(1))
    log = []
    await opened(connection)
    expect(connection.openings).toBe(2)
    expect(log).toEqual(['opened'])
  })

  test('is due by its schedule from its own start', () => {
    const connection = makeConnection()
    connection.anchor(1000)
    expect(connection).toMatchObject({anchorMs: 1000, dueMs: 1000})
  })

  test('remembers its attempts for its outages', async () => {
    const connection = makeConnection()
    connection.outages.failed(5, 'reset')
    nowMs = 7
    open(connection)
    expect(connection.outages.list()).toMatchObject([{attemptMs: 7}])
    await until('opened')
  })
})

describe('a failure', () => {
  test('has a name: nobody listens', async () => {
    const {port} = server.address
    await server.close()
    server = await ScriptedServer.listen()
    const connection = makeConnection()
    open(connection, {host: '127.0.0.1', port})
    await until('closed')
    expect(log).toEqual(['closed refused when connecting'])
    expect(connection).toMatchObject({failures: 1, state: 'closed', openings: 0})
  })

  test('has a name: the server resets', async () => {
    const connection = await opened()
    connection.write(Buffer.from('get x\r\n'))
    await vi.waitFor(() => expect(sockets).toHaveLength(1))
    sockets[0]!.resetAndDestroy()
    await until('closed')
    expect(log).toEqual(['opened', 'closed reset when open'])
  })

  test('has a name: the server closes', async () => {
    const connection = await opened()
    server.disconnect()
    await until('closed')
    expect(log).toEqual(['opened', 'closed closed by server when open'])
    expect(connection.failures).toBe(1)
  })

  test('is told once', async () => {
    const connection = await opened()
    connection.fail('call time-out')
    connection.fail('again')
    server.disconnect()
    await new Promise(resolve => setImmediate(resolve))
    expect(log).toEqual(['opened', 'closed call time-out when open'])
    expect(connection.failures).toBe(1)
  })
})

describe('replies', () => {
  async function receive(text: string, connection: Connection): Promise<void> {
    connection.write(Buffer.from('x\r\n'))
    await vi.waitFor(() => expect(sockets).toHaveLength(1), {interval: 2})
    server.send(text)
    await until(`received`)
  }

  test('follow the bytes that they came in', async () => {
    const connection = await opened()
    connection.pending.push(call)
    await receive('STORED\r\nVALUE a 0 1\r\nx\r\nEND\r\n', connection)
    expect(log).toEqual(['opened', 'received 29', 'stored', 'end 1'])
    expect(connection.lastLine()).toBe('END')
  })

  test('are not told once the connection has failed in their midst', async () => {
    const connection = await opened()
    const {replied} = owner
    onTestFinished(() => {
      owner.replied = replied
    })
    owner.replied = (failing, kind) => {
      log.push(kind)
      failing.fail('out of step')
    }
    await receive('STORED\r\nSTORED\r\n', connection)
    expect(log).toEqual(['opened', 'received 16', 'stored', 'closed out of step when open'])
  })

  test('that say the server is full are a failure', async () => {
    await receive('ERROR Too many open connections\r\n', await opened())
    expect(log.at(-1)).toBe('closed turned away when open')
  })

  test('that are another error are a reply', async () => {
    await receive('ERROR\r\n', await opened())
    expect(log.at(-1)).toBe('error')
    const other = 'SERVER_ERROR Too many open connections\r\n'
    server.send(other)
    await until('server_error')
  })

  test('of more values than keys are a failure, though no reply is complete', async () => {
    const connection = await opened()
    connection.pending.push(call)
    await receive('VALUE a 0 1\r\nx\r\n', connection)
    expect(log.at(-1)).toMatch('received')
    server.send('VALUE b 0 1\r\nx\r\n')
    await until('closed')
    expect(log.at(-1)).toBe('closed out of step: more values than keys when open')
  })

  test('of values that nobody asked for are left to the owner', async () => {
    await receive('VALUE a 0 1\r\nx\r\nEND\r\n', await opened())
    expect(log.at(-1)).toBe('end 1')
  })

  test('begin anew when the connection is opened again', async () => {
    const connection = await opened()
    await receive('STO', connection)
    connection.leave()
    log = []
    sockets = []
    await opened(connection)
    await receive('STORED\r\n', connection)
    expect(log.at(-1)).toBe('stored')
  })
})

describe('what a plan needs besides', () => {
  test('cas: the unique of a value', async () => {
    const casUnique = new CasUnique()
    const connection = await opened(makeConnection({casUnique}))
    expect(connection.casUnique).toBe(casUnique)
    const line = Buffer.from('VALUE a 0 1 4711')
    connection.onValue!(line, 0, line.length, 1)
    expect(Buffer.from(casUnique.digits).toString()).toBe('4711')
    expect(connection.onData).toBeUndefined()
    connection.close()
    const late = Buffer.from('VALUE a 0 1 99')
    connection.onValue!(late, 0, late.length, 1)
    expect(Buffer.from(casUnique.digits).toString()).toBe('4711')
  })

  test('verification: every value, and where the connection goes', async () => {
    const told: unknown[][] = []
    const tell =
      (name: string) =>
      (...args: unknown[]) =>
        told.push([name, ...args])
    const checker = {onData: tell('data'), onValue: tell('value'), goesTo: tell('goes to')} as unknown as ReadChecker
    const connection = await opened(makeConnection({checker}))
    expect(connection.checker).toBe(checker)
    expect(told).toEqual([['goes to', server.address]])
    const bytes = Buffer.from('x')
    connection.onValue!(bytes, 0, 1, 5)
    connection.onData!(bytes, 0, 1, true)
    expect(told.slice(1)).toEqual([
      ['value', bytes, 0, 1, 5],
      ['data', bytes, 0, 1, true],
    ])
  })

  test('nothing: no hooks, which cost time', () => {
    const connection = makeConnection()
    expect([connection.onValue, connection.onData, connection.casUnique, connection.checker]).toEqual(
      Array(4).fill(undefined),
    )
  })
})

test('a socket that is full says when it takes bytes again, and the connection knows since when', async () => {
  let paused: Socket | undefined
  await server.close()
  server = await ScriptedServer.listen((_, socket) => {
    paused ??= socket.pause()
  })
  onTestFinished(() => server.close())
  const connection = await opened()
  nowMs = 5
  const most = Buffer.alloc(8 * 1024 * 1024)
  expect(connection.write(Buffer.from('x'))).toBe(true)
  await vi.waitFor(() => expect(paused).toBeDefined())
  let isTaken = true
  while (isTaken) isTaken = connection.write(most)
  expect(connection).toMatchObject({backedUp: true, writableSinceMs: 0})
  nowMs = 9
  paused!.resume()
  await until('flushed')
  expect(connection).toMatchObject({backedUp: false, writableSinceMs: 9})
})
