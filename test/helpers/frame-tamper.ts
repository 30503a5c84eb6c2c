import type {RelayFilter} from '../../src/server/topology/relay-pipe.js'

interface RepFrame {
  /** From 1, of the `rep` frames only. */
  readonly number: number
  readonly key: string
  /** The whole frame, with its line ends. */
  readonly bytes: Buffer
  /** Where in `bytes` the value begins. */
  readonly valueAt: number
}

/** What becomes of a frame: the frames to send in its place. */
export type Tamper = (frame: RepFrame) => readonly Buffer[]

/** Cuts a replication stream into frames and lets a test change the `rep` ones. */
export function tamperWith(tamper: Tamper): RelayFilter {
  let left: Buffer = Buffer.alloc(0)
  let number = 0
  return bytes => {
    left = Buffer.concat([left, bytes])
    const out: Buffer[] = []
    for (;;) {
      const lineEnd = left.indexOf('\r\n')
      if (lineEnd < 0) break
      const [verb, key = '', , , size] = left.toString('latin1', 0, lineEnd).split(' ')
      const valueAt = lineEnd + 2
      const length = verb === 'rep' ? valueAt + Number(size) + 2 : valueAt
      if (left.length < length) break
      const frame = Buffer.from(left.subarray(0, length))
      left = left.subarray(length)
      out.push(...(verb === 'rep' ? tamper({number: ++number, key, bytes: frame, valueAt}) : [frame]))
    }
    return Buffer.concat(out)
  }
}
