import {execFile} from 'node:child_process'
import {expect, test} from 'vitest'
import {formatAddress} from '../../../src/protocol/address.js'
import {startEmbedded} from '../../helpers/embedded.js'
import {binPath} from '../../helpers/run-repbench.js'

interface Ended {
  readonly code: number
  readonly stderr: string
}

const run = (openFiles: number, words: readonly string[]) =>
  new Promise<Ended>(resolve => {
    const args = [
      '-c',
      'ulimit -n "$1"; shift; exec "$@"',
      'sh',
      String(openFiles),
      process.execPath,
      binPath,
      ...words,
    ]
    execFile('sh', args, (error, _, stderr) => resolve({code: Number(error?.code ?? 0), stderr}))
  })

// Node.js alone needs about 20 of them.
const limits = [22, 24, 26, 30]

test.each(limits)('%i open files are a line or two, no internal error', async openFiles => {
  const {address} = await startEmbedded()
  const server = formatAddress(address)
  for (const words of [
    ['runs'],
    ['load', '--server', server, '--duration', '100ms', '--threads', '2'],
    ['node', '-p', '0'],
    ['up', 'pair'],
    ['diff', server, '127.0.0.1:1'],
    ['top', server, '--once', '--interval', '100ms'],
  ]) {
    const {code, stderr} = await run(openFiles, words)
    expect({words, code, stderr}).toEqual({
      words,
      code: expect.toBeOneOf([0, 1, 2, 3]),
      stderr: expect.not.stringMatching(/internal error|^\s+at /m),
    })
  }
})
