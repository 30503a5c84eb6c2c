import {describe, expect, test} from 'vitest'
import {parseAssertion} from '../../../src/engine/assertions/assertion.js'
import {checkAssertion} from '../../../src/engine/assertions/check-assertion.js'
import {runMeasures} from '../../../src/engine/assertions/run-measures.js'
import {AssertionSyntaxError} from '../../../src/engine/errors.js'
import {worstVerdict} from '../../../src/engine/measure/verdict.js'
import {makeResult} from '../helpers/results.js'

const check = (expr: string, changes: Parameters<typeof makeResult>[0] = {}) => {
  const {actual, unit, verdict} = checkAssertion(parseAssertion(expr, runMeasures), makeResult(changes))
  return [verdict, actual, unit]
}

describe('an assertion about a run', () => {
  test.each<[string, ReturnType<typeof check>]>([
    ['p99<13ms', ['pass', 12_400, 'us']],
    ['p99<12400us', ['fail', 12_400, 'us']],
    ['p99<=12400us', ['pass', 12_400, 'us']],
    ['p99 > 0.0124s', ['fail', 12_400, 'us']],
    ['p99.9<=131ms', ['pass', 131_000, 'us']],
    ['P99.99!=1s', ['pass', 1_310_000, 'us']],
    ['response.max<2s', ['pass', 1_310_000, 'us']],
    ['service.p50==150us', ['pass', 150, 'us']],
    ['set.p99<1ms', ['fail', 12_400, 'us']],
    ['set.service.mean<1ms', ['pass', 150, 'us']],
    ['slip.p99<1ms', ['pass', 41, 'us']],
    ['loop.max<1m', ['pass', 2000, 'us']],
    ['errors==0', ['fail', 10, 'count']],
    ['errors<=1%', ['pass', 1, 'percent']],
    ['timedout<5', ['pass', 4, 'count']],
    ['lost>0', ['pass', 6, 'count']],
    ['unsent==0', ['pass', 0, 'count']],
    ['sent>=1k', ['pass', 1000, 'count']],
    ['connectionErrors==1', ['pass', 1, 'count']],
    ['rate>=99%', ['fail', 98, 'percent']],
    ['rate>=0.98k', ['pass', 980, 'perSecond']],
    ['hitRatio>=57%', ['pass', 57, 'percent']],
    ['hitratio>0.57', ['fail', 57, 'percent']],
    ['late<=1%', ['pass', 0.4, 'percent']],
    ['late<0.4%', ['fail', 0.4, 'percent']],
    ['saturated==false', ['pass', false, 'boolean']],
    ['saturated!=false', ['fail', false, 'boolean']],
    ['cores<1', ['pass', 0.5, 'count']],
  ])('%s', (expr, outcome) => {
    expect(check(expr, {reads: {keys: 100, found: 57}, durationSeconds: 1})).toEqual(outcome)
  })

  test.each([
    ['stale==0', 'count'],
    ['get.p99<1ms', 'us'],
    ['hitratio>=50%', 'percent'],
  ])('%s is unknown when that was not measured', (expr, unit) => {
    expect(check(expr)).toEqual(['unknown', null, unit])
  })

  test('a percentage of what was offered is unknown in a closed loop', () => {
    const {throughput} = makeResult()
    expect(check('rate>=99%', {throughput: {...throughput, offeredPerSecond: null}})).toEqual([
      'unknown',
      null,
      'percent',
    ])
  })
})

test.each([
  ['p98<2ms', "got 'p98' (did you mean p9"],
  ['tmedOut==0', "Expected a measure, got 'tmedOut' (did you mean timedOut?)"],
  ['gett.p99<1ms', 'did you mean get.p99?'],
  ['velocity>9', 'Expected a measure (min, mean, p50, p90, p95, p99, p99.9,'],
  ['p99<2', "Expected a duration such as 500us, 2ms or 1s after p99, got '2'"],
  ['p99<fast', "got 'fast'"],
  ['errors==0ms', "Expected a number such as 0 or 10k or a percentage after errors, got '0ms'"],
  ['reopened<5%', "Expected a number such as 0 or 10k after reopened, got '5%'"],
  ['p99', "Expected MEASURE, one of < <= > >= == !=, VALUE, such as p99<2ms, got 'p99'"],
  ['p99=2ms', "got 'p99=2ms'"],
  ['p99<-2ms', "got '-2ms'"],
  ['', "got ''"],
  ['saturated<true', 'Expected saturated==true or saturated==false'],
  ['saturated==no', 'Expected saturated==true or saturated==false'],
])('%s is refused', (expr, message) => {
  expect(() => parseAssertion(expr, runMeasures)).toThrow(AssertionSyntaxError)
  expect(() => parseAssertion(expr, runMeasures)).toThrow(message)
})

test('verdicts', () => {
  expect(worstVerdict([])).toBe('pass')
  expect(worstVerdict(['pass', 'unknown'])).toBe('unknown')
  expect(worstVerdict(['unknown', 'fail', 'pass'])).toBe('fail')
})

describe("a latency that is partly the generator's own", () => {
  const {latencyUs, generator} = makeResult()
  /** Of a response p99 of 12.4 ms. @param netP99 without what may be the generator's lateness */
  const late = (netP99: number, slipP99 = 0) => {
    const response = {...latencyUs.response, p99: netP99}
    const service = {...latencyUs.service, p99: netP99}
    const net = {response, service, byMethod: {set: response}, serviceByMethod: {set: service}}
    return makeResult({
      latencyUs: {...latencyUs, net},
      generator: {...generator, scheduleSlipUs: {...generator.scheduleSlipUs, p99: slipP99}},
    })
  }
  const judge = (expr: string, result: ReturnType<typeof late>) => {
    const {verdict, reason} = checkAssertion(parseAssertion(expr, runMeasures), result)
    return [verdict, reason]
  }

  test.each(['p99<2ms', 'response.p99<2ms', 'service.p99<2ms', 'set.p99<2ms', 'set.service.p99<2ms'])(
    'cannot fail %s that it would meet without its lateness',
    expr => {
      expect(judge(expr, late(1000))).toEqual(['unknown', 'up to 11.4 ms of it our own lateness'])
    },
  )

  test('fails a budget that it would break without any lateness, too', () => {
    expect(judge('p99<2ms', late(2100, 50_000))).toEqual(['fail', undefined])
  })

  test('passes what it passes', () => {
    expect(judge('p99<13ms', late(1000, 50_000))).toEqual(['pass', undefined])
  })

  test('fails where its lateness is a tenth at most and sends were in time', () => {
    expect(judge('p99<12ms', late(11_900, 1199))).toEqual(['fail', undefined])
    expect(judge('p99<12ms', late(11_900, 1200))).toEqual([
      'unknown',
      'a call in a hundred was sent 1.2 ms late or later',
    ])
    expect(judge('p99<12ms', late(11_100))).toEqual(['unknown', 'up to 1.3 ms of it our own lateness'])
  })

  test('fails as it did where that was not measured, and counts are no latencies', () => {
    expect(judge('p99<2ms', makeResult())).toEqual(['fail', undefined])
    expect(judge('errors==0', late(1000, 50_000))).toEqual(['fail', undefined])
    expect(judge('rate>=99%', late(1000, 50_000))).toEqual(['fail', undefined])
  })
})
