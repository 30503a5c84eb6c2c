import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterAll, describe, expect, test} from 'vitest'
import {formatAddress} from '../../../src/protocol/address.js'
import {binPath} from '../../helpers/run-repbench.js'
import {sample} from '../../helpers/sample.js'
import {type HostileCommand, hostileCommands} from '../../instruments/hostile/commands.js'
import {decentServer, HostileServer, hostilities} from '../../instruments/hostile-servers.js'
import {type MeasuredRun, runMeasured} from '../../instruments/measured-process.js'

/** Nothing here takes so long: it only catches what would never end. */
const HANG_MS = 60_000
const MEMORY_MOST_MEGABYTES = 300

const stateDirectory = mkdtempSync(join(tmpdir(), 'repbench-hostile-'))
afterAll(() => rmSync(stateDirectory, {recursive: true, force: true}))

interface Against {
  readonly server: string
  /** When Ctrl-C comes. */
  readonly interruptMs?: number
  readonly signal?: NodeJS.Signals
}

async function run(command: HostileCommand, {server: name, interruptMs = HANG_MS, signal = 'SIGINT'}: Against) {
  const hostility = hostilities.find(one => one.name === name)!
  const [server, decent] = await Promise.all([HostileServer.open(hostility), HostileServer.open(decentServer)])
  try {
    const ended = await runMeasured({
      args: [binPath, ...command.args(server.address, decent.address)],
      env: {...process.env, XDG_STATE_HOME: stateDirectory, NO_COLOR: '1'},
      input: command.input,
      signalAfterMs: interruptMs,
      signal,
      // Before it has met the server there is nothing to see.
      from: server.met,
      graceMs: HANG_MS,
    })
    expectManners(ended)
    return {...ended, where: formatAddress(server.address)}
  } finally {
    await Promise.all([server.close(), decent.close()])
  }
}

/** However a server behaves. */
function expectManners({signal, code, peakMegabytes, stdout, stderr}: MeasuredRun): void {
  expect(signal, 'killed, because it did not end').toBeNull()
  expect(code, stderr).not.toBe(70)
  expect(stdout + stderr).not.toMatch(/internal error|^\s+at .*\(/m)
  expect(peakMegabytes ?? 0).toBeLessThan(MEMORY_MOST_MEGABYTES)
}

const named = hostileCommands.map((command, turn) => [command.name, command, turn] as const)
const endless = ['endless-stat', 'endless-value', 'then-endless-line', 'then-never']

describe.each(named)('%s', (_, command, turn) => {
  test('says that a server is a web server, one that speaks TLS and one that wants a password', async () => {
    const [http, tls, auth] = await Promise.all(['http', 'tls', 'auth'].map(server => run(command, {server})))
    expect(http!.stdout + http!.stderr).toContain('answered HTTP/1.1 400: no memcached')
    expect(tls!.stdout + tls!.stderr).toContain('speaks TLS')
    if (command.name !== 'console') expect(auth!.stdout + auth!.stderr).toContain('wants a user and a password')
    expect([http!.code, tls!.code]).not.toContain(0)
  })

  test.each(sample(endless, {turn, most: 1}))(
    'has bounds of its own against %s, and ends with Ctrl-C and SIGTERM',
    async server => {
      const runs = [
        run(command, {server, interruptMs: 500}),
        run(command, {server, interruptMs: 1500, signal: 'SIGTERM'}),
      ]
      for (const {code, secondsAfterSignal} of await Promise.all(runs)) {
        if (secondsAfterSignal !== null) expect([0, 1, 3, 130, 143]).toContain(code)
      }
    },
  )
})

describe('a piped console', () => {
  const console = hostileCommands.find(({name}) => name === 'console')!

  test('sends nothing to what is no memcached, and fails', async () => {
    const {code, stdout, stderr, where} = await run(console, {server: 'tls'})
    expect([code, stdout, stderr]).toEqual([1, '', `repbench: ${where} speaks TLS\n`])
  })

  test.each(['then-resets', 'then-hangs-up', 'then-never'])('names what was not answered: %s', async server => {
    const {code, stderr} = await run(console, {server})
    expect(code).toBe(1)
    expect(stderr).toMatch(/^repbench: Expected every reply from .*; not answered: set key1 0 0 3, get key1, stats$/m)
  })
})

test('a load says how many of its connections were turned away', async () => {
  const load = hostileCommands.find(({name}) => name === 'load')!
  const {code, stdout, where} = await run(load, {server: 'turns-away'})
  expect(code).toBe(1)
  expect(stdout).toContain(`fail: ${where} turned 2 of 6 connections away: ERROR Too many open connections`)
})
