import {createHash} from 'node:crypto'
import {expect, test} from 'vitest'
import {startCapturingProxy} from '../../../helpers/capturing-proxy.js'
import {startMemcached} from '../../../helpers/memcached.js'
import {runRepbench} from '../../../helpers/run-repbench.js'
import {waitFor} from '../../../helpers/wait-for.js'
import {runMcperfProgram} from './mcperf-program.js'

/** What the real mcperf 0.1.1 sent with these options: the number of bytes, and the start of their SHA-256. */
const recorded: [options: string, length: number, hash: string][] = [
  ['-N 3', 84, '63c22203586cf150'],
  ['-N 3 -q -e 60', 108, '2f4b4f786155b740'],
  ['-m cas -N 2', 60, '9c06a6f475315425'],
  ['-m cas -q -N 2', 74, 'cb92cce31a93d089'],
  ['-m get -N 3', 54, '1031be1b24f73a13'],
  ['-m gets -q -N 3', 57, 'ac1bf77def672be7'],
  ['-m delete -N 2', 44, '1570edc099ae074b'],
  ['-m delete -q -N 2', 58, 'fd1df52d4275f39a'],
  ['-m incr -z u1,1000 -N 20', 477, '28d82adbbd0e0b50'],
  ['-m decr -q -z e500 -N 20', 613, '084980d9f92d01f8'],
  ['-m add -P key: -z d2.5 -N 3', 87, '799c2ff6e8932324'],
  ['-m replace -z d3.5 -N 3', 105, '5510b80e6ce6a519'],
  ['-m append -z 10 -N 3', 90, '96e097260e0181b0'],
  ['-m prepend -P fourteen-bytes -z d7 -N 3', 144, 'b5b377d19b55e72b'],
  ['-z u1024,10240 -N 200', 1122826, 'ef5186123f9cafb1'],
  ['-z e1000 -N 200', 199794, '4e37c0d1479108a5'],
  ['-z s5 -N 20', 845, 'ab06808907578612'],
  ['-z u1024,10240 -N 200 -c 3/4', 1155938, '6902332de4bbf9a0'],
  ['-z u1,200 -N 200 -c 70000/70001', 25461, '838f05841ba4a0a3'],
  ['-z u1,200 -N 40 -R 5000', 4222, 'd575c0bcc4ac0d9e'],
  ['-z u1,200 -N 10 -n 3', 3263, 'a00eaed654e5549e'],
]

/** On a connection of its own, before the load: what is there? */
const LOOK = 'version\r\n'

test.each(recorded)('sends mcperf’s very bytes: %s', async (options, length, hash) => {
  const proxy = await startCapturingProxy((await startMemcached()).address)
  const {host, port} = proxy.address
  const args = ['-s', host, '-p', String(port), ...options.split(' ')]
  expect(await runRepbench(['mcperf', ...args])).toMatchObject({code: 0})
  const whole = LOOK.length + length
  await waitFor(() => expect(proxy.received().length).toBeGreaterThanOrEqual(whole))
  expect(proxy.received().length).toBe(whole)
  expect(proxy.received().toString('latin1', 0, LOOK.length)).toBe(LOOK)
  expect(digest(proxy.received().subarray(LOOK.length))).toBe(hash)
})

test.runIf(process.env.MCPERF_BIN)('the real mcperf (MCPERF_BIN) sends what is recorded', async () => {
  for (const [options, length, hash] of recorded) {
    const proxy = await startCapturingProxy((await startMemcached()).address)
    await runMcperfProgram(proxy.address, options)
    await waitFor(() => expect(proxy.received().length).toBeGreaterThanOrEqual(length))
    expect([options, proxy.received().length, digest(proxy.received())]).toEqual([options, length, hash])
  }
})

function digest(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex').slice(0, 16)
}
