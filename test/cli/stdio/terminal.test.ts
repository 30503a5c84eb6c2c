import {expect, onTestFinished, test} from 'vitest'
import {formatAddress} from '../../../src/protocol/address.js'
import {startEmbedded} from '../../helpers/embedded.js'
import {openPty} from '../../helpers/open-pty.js'
import {binPath} from '../../helpers/run-repbench.js'
import {waitFor} from '../../helpers/wait-for.js'

/** As a connection that is dead, or Ctrl-S. */
test('a terminal that takes nothing stops neither the work nor SIGTERM', async () => {
  const {address, log} = await startEmbedded({verbosity: 2})
  const polls = () => log.filter(line => line.endsWith(' stats')).length
  const args = [binPath, 'top', formatAddress(address), '--interval', '100ms']
  const pty = openPty(process.execPath, args, {cols: 120, rows: 40})
  let isOver = false
  const exit = new Promise<{exitCode: number}>(resolve => pty.onExit(resolve)).finally(() => {
    isOver = true
  })
  onTestFinished(() => {
    if (!isOver) process.kill(pty.pid, 'SIGKILL')
  })
  await waitFor(() => expect(polls()).toBeGreaterThan(3))
  pty.pause()
  const before = polls()
  // Their tables are several times what a pseudo-terminal keeps.
  await waitFor(() => expect(polls()).toBeGreaterThan(before + 100))
  process.kill(pty.pid, 'SIGTERM')
  await waitFor(() => expect(() => process.kill(pty.pid, 0)).toThrow())
  pty.resume()
  expect(await exit).toMatchObject({exitCode: 143})
})
