/** Which of the two nodes. Of a pair that was launched, the first is the master. */
export type Side = 'first' | 'second'

/** A command with its data block and line ends, and the whole reply that it must get. */
export interface Ask {
  readonly send: string
  readonly expect: string
}

interface Write extends Ask {
  /** What the other node must answer before the step goes on. */
  readonly arrives?: Ask
}

/** Writes on one node, then asks the other until it has seen what was written. */
export interface VerifyStep {
  readonly name: string
  readonly writer: Side
  /** What the other node must answer before anything is written. */
  readonly before?: Ask
  /** `{cas}` in a write becomes the cas id that the other node gives for this key. */
  readonly casOf?: string
  readonly writes: readonly Write[]
  readonly seen: Ask
  /** What the other node must answer later, by itself. */
  readonly later?: Ask & {readonly withinMs: number}
  /** When this one fails, nothing crosses, and the writer's other steps are not tried. */
  readonly essential?: boolean
}

export interface VerifyPlan {
  /** Run at the same time, each on connections of its own. */
  readonly tracks: readonly (readonly VerifyStep[])[]
  /** Run when the tracks are done. */
  readonly finale: readonly VerifyStep[]
  /** Every key that is written. */
  readonly keys: readonly string[]
}

const BIG_VALUE_BYTES = 1_000_000
// Clocks that tick once a second let a node expire an item up to two seconds early or one late (spec section 2).
const EXPIRY_SECONDS = 3
const EXPIRY_TOLERANCE_MS = 2000
// Above 2^31 − 1, real repcached runs the value as a command on its peer (spec section 6, D1).
const LARGEST_HARMLESS_FLAGS = 2 ** 31 - 1

/**
 * The check that operators make by hand in two telnet sessions, and what it leaves out, both ways.
 * @param prefix put before every key, so that a running node's own keys stay as they are
 */
export function makeVerifyPlan({prefix = ''}: {prefix?: string} = {}): VerifyPlan {
  const keys = new Set<string>()
  const named = (name: string) => {
    keys.add(prefix + name)
    return prefix + name
  }
  const transcript: VerifyStep[] = [
    {...setStep({writer: 'first', key: named('key1'), value: '111', name: 'set key1'}), essential: true},
    {...setStep({writer: 'second', key: named('key2'), value: '222', name: 'set key2'}), essential: true},
    setStep({writer: 'second', key: named('key3'), value: '3333', name: 'set key3'}),
    setStep({writer: 'first', key: named('key5'), value: '99999', name: 'set key5'}),
  ]
  const sides: readonly Side[] = ['first', 'second']
  const more = sides.flatMap(writer => moreSteps(writer, name => named(`${name}-${writer}`)))
  const expiries = sides.map(writer => [expiryStep(writer, named(`expiry-${writer}`))])
  return {
    tracks: [[...transcript, ...more], ...expiries],
    finale: sides.map(writer => flushStep(writer, named(`flush-${writer}`))),
    keys: [...keys],
  }
}

function moreSteps(writer: Side, named: (name: string) => string): VerifyStep[] {
  const [counter, big, swapped] = [named('counter'), named('big'), named('cas')]
  return [
    setStep({writer, key: named('flags'), value: 'f', flags: LARGEST_HARMLESS_FLAGS, name: 'flags'}),
    {
      name: "cas with the other node's id",
      writer,
      casOf: swapped,
      writes: [
        {...set(swapped, 'old'), arrives: get(swapped, 'old')},
        {send: `cas ${swapped} 0 0 3 {cas}\r\nnew\r\n`, expect: 'STORED\r\n'},
        {send: `cas ${swapped} 0 0 4 {cas}\r\nlate\r\n`, expect: 'EXISTS\r\n'},
      ],
      seen: get(swapped, 'new'),
    },
    {
      name: 'incr',
      writer,
      writes: [set(counter, '10'), {send: `incr ${counter} 5\r\n`, expect: '15\r\n'}],
      seen: get(counter, '15'),
    },
    setStep({writer, key: big, value: bigValue(), name: `value of ${BIG_VALUE_BYTES} bytes`}),
    {name: 'delete', writer, writes: [{send: `delete ${big}\r\n`, expect: 'DELETED\r\n'}], seen: miss(big)},
  ]
}

interface SetStep {
  writer: Side
  key: string
  value: string
  flags?: number
  name: string
}

function setStep({writer, key, value, flags = 0, name}: SetStep): VerifyStep {
  return {name, writer, before: miss(key), writes: [set(key, value, flags)], seen: get(key, value, flags)}
}

function expiryStep(writer: Side, key: string): VerifyStep {
  const write = {send: `set ${key} 0 ${EXPIRY_SECONDS} 1\r\ne\r\n`, expect: 'STORED\r\n'}
  const withinMs = EXPIRY_SECONDS * 1000 + EXPIRY_TOLERANCE_MS
  return {name: 'expiry', writer, writes: [write], seen: get(key, 'e'), later: {...miss(key), withinMs}}
}

/** A flushed key that never arrived would prove nothing. */
function flushStep(writer: Side, key: string): VerifyStep {
  const writes = [
    {...set(key, 'x'), arrives: get(key, 'x')},
    {send: 'flush_all\r\n', expect: 'OK\r\n'},
  ]
  return {name: 'flush_all', writer, writes, seen: miss(key)}
}

function set(key: string, value: string, flags = 0): Ask {
  return {send: `set ${key} ${flags} 0 ${value.length}\r\n${value}\r\n`, expect: 'STORED\r\n'}
}

function get(key: string, value: string, flags = 0): Ask {
  return {send: `get ${key}\r\n`, expect: `VALUE ${key} ${flags} ${value.length}\r\n${value}\r\nEND\r\n`}
}

function miss(key: string): Ask {
  return {send: `get ${key}\r\n`, expect: 'END\r\n'}
}

/** Every byte there is, line ends among them. */
function bigValue(): string {
  return Buffer.from(Array.from({length: BIG_VALUE_BYTES}, (_, at) => (at * 7919 + (at >> 8)) & 0xff)).toString(
    'latin1',
  )
}
