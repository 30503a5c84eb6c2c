import {expect, test} from 'vitest'
import {formatMcperfReport} from '../../../../src/cli/commands/mcperf/mcperf-report.js'
import {McperfCounters} from '../../../../src/engine/mcperf/counters.js'

const cpu = {userSeconds: 0.25, systemSeconds: 0.75}

function report(counters: McperfCounters, histogram = false): string {
  return formatMcperfReport({counters, durationSeconds: 2, cpu, interrupted: false}, {histogram})
}

test('leaves out what did not happen', () => {
  expect(report(new McperfCounters())).toBe(`
Total: connections 0 requests 0 responses 0 test-duration 2.000 s

Errors: total 0 client-timo 0 socket-timo 0 connrefused 0 connreset 0
Errors: fd-unavail 0 ftab-full 0 addrunavail 0 other 0

CPU time [s]: user 0.25 system 0.75 (user 12.5% system 37.5% total 50.0%)

`)
})

test('has every line of mcperf’s, its odd ones too', () => {
  const counters = new McperfCounters()
  counters.connectionsIssued = 3
  counters.connected(1)
  counters.connected(2)
  counters.disconnected(100)
  counters.failed('client-timo')
  counters.failed('other')
  for (const bytes of [1000, 1000, 2000, 2050]) counters.requests.add(bytes)
  for (const ms of [0.2, 0.2, 2.4, 2000]) counters.replied({kind: 'stored', values: 0, bytes: 8, ms})
  expect(report(counters, true)).toBe(`
Total: connections 3 requests 4 responses 4 test-duration 2.000 s

Connection rate: 1.5 conn/s (666.7 ms/conn <= 2 concurrent connections)
Connection time [ms]: avg 100.0 min 100.0 max 100.0 stddev 0.00
Connect time [ms]: avg 1.5 min 1.0 max 2.0 stddev 0.71

Request rate: 2.0 req/s (500.0 ms/req)
Request size [B]: avg 1512.5 min 1000.0 max 2050.0 stddev 592.14

Response rate: 2.0 rsp/s (500.0 ms/rsp)
Response size [B]: avg 8.0 min 8.0 max 8.0 stddev 0.00
Response time [ms]: avg 500.7 min 0.2 max 2000.0 stddev 1.00
Response time histogram [ms]:
             0.0 2
             :
             2.0 1
             :
          2000.0 1
             :
Response time [ms]: p25 1.0 p50 1.0 p75 2.0
Response time [ms]: p95 2000.0 p99 2000.0 p999 2000.0
Response type: stored 4 not_stored 0 exists 0 not_found 0
Response type: num 0 deleted 0 end 0 value 0
Response type: error 0 client_error 0 server_error 0

Errors: total 2 client-timo 1 socket-timo 0 connrefused 0 connreset 0
Errors: fd-unavail 0 ftab-full 0 addrunavail 0 other 1

CPU time [s]: user 0.25 system 0.75 (user 12.5% system 37.5% total 50.0%)
Net I/O: bytes 5.9 KB rate 3.0 KB/s (0.0*10^6 bps)

`)
})

test('counts what mcperf has no name for as a number', () => {
  const counters = new McperfCounters()
  for (const kind of ['number', 'touched', 'unknown'] as const) counters.replied({kind, values: 0, bytes: 3, ms: 1})
  counters.replied({kind: 'end', values: 2, bytes: 30, ms: 1})
  expect(report(counters)).toContain('num 3 deleted 0 end 0 value 1')
})
