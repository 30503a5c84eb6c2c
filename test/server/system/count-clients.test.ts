import {describe, expect, it} from 'vitest'
import {clientsIn} from '../../../src/server/system/count-clients.js'

const heading = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode'
const row = (local: string, remote: string, state: string) =>
  `   0: ${local} ${remote} ${state} 00000000:00000000 00:00000000 00000000     0        0 1749177 1 0 100 0 0 10 0`

// 11211 is 2BCB; 127.0.0.1 is 0100007F.
const table = [
  heading,
  row('0100007F:2BCB', '00000000:0000', '0A'),
  row('0100007F:2BCB', '0100007F:C001', '01'),
  row('0100007F:C001', '0100007F:2BCB', '01'),
  row('0100007F:2BCB', '0100007F:C002', '01'),
  row('0100007F:2BCB', '0100007F:C003', '08'),
  row('0100007F:2BCB', '0100007F:C004', '06'),
  row('0200007F:2BCB', '0100007F:C005', '01'),
  row('0100007F:2BCC', '0100007F:C006', '01'),
].join('\n')

const ends = {remoteAddress: '127.0.0.1', remotePort: 11_211, localPort: 0xc001}

describe('clientsIn', () => {
  it('counts the connections of one address and port, ours too, and not those that are gone', () => {
    expect(clientsIn(table, ends)).toBe(3)
  })

  it('does not know for a server on another machine', () => {
    expect(clientsIn(table, {...ends, localPort: 0xc0ff})).toBeNull()
    expect(clientsIn(heading, ends)).toBeNull()
  })
})
