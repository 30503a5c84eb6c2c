import {once} from 'node:events'
import {mkdtemp, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {text} from 'node:stream/consumers'
import {setTimeout as delay} from 'node:timers/promises'
import {expect, onTestFinished, test} from 'vitest'
import {runDocumentSchema} from '../../../../src/cli/documents/json/run-json.js'
import {formatAddress} from '../../../../src/protocol/address.js'
import {startProxiedPair} from '../../../helpers/proxied-pair.js'
import {startRepbench} from '../../../helpers/run-repbench.js'

test('a link that stood still for two seconds fails lag.max<1s, and the timeline climbs meanwhile', async () => {
  const {master, slave, link} = await startProxiedPair({queueLimit: 1_000_000})
  const state = await mkdtemp(join(tmpdir(), 'repbench-lag-'))
  onTestFinished(() => rm(state, {recursive: true}))
  const servers = [master, slave].flatMap(address => ['--server', formatAddress(address)])
  const plan = ['--rate', '100', '--duration', '6s', '--conns', '2', '--lag-probe', '--json']
  const asserted = ['lag.max<1s', 'lag.max>1s', 'lag.unseen==0', 'lag.p99.9<60m'].flatMap(expr => ['--assert', expr])
  const child = startRepbench(['load', ...servers, ...plan, ...asserted], {
    XDG_STATE_HOME: state,
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const started = Promise.withResolvers<void>()
  child.stderr!.on('data', line => {
    if (String(line).includes('running')) started.resolve()
  })
  const printed = text(child.stdout!)
  await started.promise
  await delay(1500)
  link.stall()
  await delay(2000)
  link.resume()
  const [stdout] = await Promise.all([printed, once(child, 'close')])
  const {lagUs, assertions, timeline, verdict} = runDocumentSchema.parse(JSON.parse(stdout))
  const outcomes = assertions.map(outcome => outcome.verdict)
  expect(outcomes).toEqual(['fail', 'pass', 'pass', 'unknown'])
  expect(assertions[3]!.reason).toMatch(/^p99\.9 needs 1000 probes, got \d+$/)
  expect([verdict, child.exitCode]).toEqual(['fail', 1])
  for (const lag of [lagUs!.aToB, lagUs!.bToA]) {
    expect(lag.unseen).toBe(0)
    expect(lag.max).toBeGreaterThan(1_500_000)
    // About as many probes as were due in two of six seconds took long.
    expect(lag.p90).toBeGreaterThan(500_000)
  }
  const longest = timeline.map(({lag}) => lag ?? 0)
  expect(longest.filter(us => us > 900_000).length).toBeGreaterThanOrEqual(2)
  const {probe} = lagUs!
  expect(probe!.sets).toBe(probe!.a.sets + probe!.b.sets)
  expect(probe!.sets).toBeGreaterThanOrEqual(lagUs!.aToB.count + lagUs!.bToA.count)
})
