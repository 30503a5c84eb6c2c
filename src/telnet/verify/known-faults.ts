import type {VerifyNode} from './nodes.js'
import type {Probing} from './probing.js'

/** What a known fault is looked for with. */
interface KnownFaultTools {
  readonly writer: VerifyNode
  readonly reader: VerifyNode
  /** A key of the fault's own. */
  readonly key: string
  readonly probing: Probing
  /** Stores by the binary protocol. @returns the status, 0 for success */
  readonly binarySet: (key: string, value: string) => Promise<number>
  /** Stops the reader and starts it again, so that it gets a full sync; null where that is not ours to do. */
  readonly restartReader: (() => Promise<void>) | null
}

/** A way in which real repcached silently makes its nodes differ. */
export interface KnownFault {
  readonly name: string
  /** Why it happens, in words that follow "because". */
  readonly cause: string
  /** Only on nodes that were launched for it: it empties or restarts them, or needs them to be unequal. */
  readonly launchedOnly: boolean
  /** From the first node to the second only. */
  readonly oneWay?: true
  /** @returns how the nodes differ; null when they don't */
  find(tools: KnownFaultTools): Promise<string | null>
}

/** A launched second node stores no value above this, so that there is something that it can't store. */
export const SMALL_ITEM_ARGS = ['-I', '512k']
const UNSTORABLE_BYTES = 700_000
/** Above the usual `-I` of 1 MB. */
const REFUSED_BYTES = 1_500_000
const FLUSH_DELAY_SECONDS = 4
const FLUSH_LIMIT_MS = 10_000
const FLAGS = 2 ** 31
/** Lines that are no command: a peer that takes a value for commands refuses each, and nothing comes of it. */
const HARMLESS_LINE = `${'repbench'.padEnd(98, '.')}\r\n`

export const knownFaults: readonly KnownFault[] = [
  {
    name: 'binary protocol',
    cause: 'repcached does not replicate what comes by the binary protocol',
    launchedOnly: false,
    async find({reader, key, probing, binarySet}) {
      const status = await binarySet(key, 'binary')
      if (status !== 0) return `a binary set was refused with status ${status}`
      return await lacks(probing, reader, {key, value: 'binary'})
    },
  },
  {
    name: 'flags of 2^31 and more',
    cause: 'repcached sends them as negative numbers, which its peer refuses, and then runs the value as a command',
    launchedOnly: false,
    async find({writer, reader, key, probing}) {
      // One word that is no command: some values crash the peer.
      await store(probing, writer, {key, value: 'repbench', flags: FLAGS})
      return await lacks(probing, reader, {key, value: 'repbench', flags: FLAGS})
    },
  },
  {
    name: 'a value that is too large',
    cause: 'repcached drops the old value of a key whose new one it refuses, and does not tell its peer',
    launchedOnly: false,
    async find({writer, reader, key, probing}) {
      await store(probing, writer, {key, value: 'old'})
      if ((await lacks(probing, reader, {key, value: 'old'})) !== null) return 'an ordinary write did not cross'
      const value = HARMLESS_LINE.repeat(REFUSED_BYTES / HARMLESS_LINE.length)
      await probing.ask(writer, `set ${key} 0 0 ${value.length}\r\n${value}\r\n`)
      const left = await probing.ask(writer, `get ${key}\r\n`)
      if (await probing.becomes(reader, `get ${key}\r\n`, left)) return null
      return `${writer.name} has nothing under the key any more, ${reader.name} still has the old value`
    },
  },
  {
    name: 'flush_all 0',
    cause: 'repcached sends its own start time with it, which its peer ignores',
    launchedOnly: true,
    async find({writer, reader, key, probing}) {
      await store(probing, writer, {key, value: 'x'})
      if ((await lacks(probing, reader, {key, value: 'x'})) !== null) return 'an ordinary write did not cross'
      await probing.ask(writer, 'flush_all 0\r\n')
      const left = await probing.ask(writer, `get ${key}\r\n`)
      if (await probing.becomes(reader, `get ${key}\r\n`, left)) return null
      return `${writer.name} has dropped its items, ${reader.name} still has them`
    },
  },
  {
    name: 'a value its peer cannot store',
    cause: 'the peer refuses the value and then runs it as commands',
    launchedOnly: true,
    oneWay: true,
    async find({writer, reader, key, probing}) {
      const other = `${key}-other`
      await store(probing, writer, {key: other, value: 'x'})
      if ((await lacks(probing, reader, {key: other, value: 'x'})) !== null) return 'an ordinary write did not cross'
      const value = `${HARMLESS_LINE.repeat(UNSTORABLE_BYTES / HARMLESS_LINE.length)}delete ${other}\r\n`
      await store(probing, writer, {key, value})
      await store(probing, writer, {key, value: 'end'})
      if ((await lacks(probing, reader, {key, value: 'end'})) !== null) return 'writes after it do not cross'
      if ((await lacks(probing, reader, {key: other, value: 'x'})) === null) return null
      return `a line of a value written on ${writer.name}, which says to delete another key, was carried out on ${reader.name}`
    },
  },
  {
    name: 'delayed flush_all, joiner',
    cause: 'a full sync does not tell of a flush_all that is still to come',
    launchedOnly: true,
    oneWay: true,
    async find({writer, reader, key, probing, restartReader}) {
      await store(probing, writer, {key, value: 'x'})
      await probing.ask(writer, `flush_all ${FLUSH_DELAY_SECONDS}\r\n`)
      await restartReader!()
      if ((await lacks(probing, reader, {key, value: 'x'})) !== null) return 'the full sync lacks an item'
      const gone = await probing.becomes(writer, `get ${key}\r\n`, 'END\r\n', FLUSH_LIMIT_MS)
      if (!gone) return `${writer.name} did not carry its own flush_all out`
      if (await probing.becomes(reader, `get ${key}\r\n`, 'END\r\n')) return null
      return `${writer.name} has dropped its items at the time set, ${reader.name}, which joined before, still has them`
    },
  },
]

interface Stored {
  readonly key: string
  readonly value: string
  readonly flags?: number
}

async function store(probing: Probing, node: VerifyNode, {key, value, flags = 0}: Stored): Promise<void> {
  await probing.ask(node, `set ${key} ${flags} 0 ${value.length}\r\n${value}\r\n`)
}

/** @returns in words what the node has instead; null when it has the item */
async function lacks(probing: Probing, node: VerifyNode, {key, value, flags = 0}: Stored): Promise<string | null> {
  // memcached 1.4 itself shows large flags as negative numbers.
  const items = [flags, flags | 0].map(shown => `VALUE ${key} ${shown} ${value.length}\r\n${value}\r\nEND\r\n`)
  if (await probing.becomes(node, `get ${key}\r\n`, items)) return null
  const found = await probing.ask(node, `get ${key}\r\n`)
  const has = found === 'END\r\n' ? 'has nothing' : `has '${found.split('\r\n')[0]}'`
  return `${node.name} ${has} after ${probing.waitLimitMs} ms`
}
