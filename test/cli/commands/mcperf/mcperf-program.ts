import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {text} from 'node:stream/consumers'
import type {Address} from '../../../../src/protocol/address.js'

/** Runs the real mcperf, named by MCPERF_BIN. @returns its report */
export async function runMcperfProgram({host, port}: Address, options: string): Promise<string> {
  const words = ['-s', host, '-p', String(port), ...options.split(' ')]
  const child = spawn(process.env.MCPERF_BIN!, words, {stdio: ['ignore', 'ignore', 'pipe']})
  const [report] = await Promise.all([text(child.stderr!), once(child, 'close')])
  return report
}
