import {randomBytes} from 'node:crypto'
import {setTimeout as delay} from 'node:timers/promises'
import {AskConnection} from '../../../ask/ask-connection.js'
import {AskError} from '../../../ask/ask-error.js'
import {askText} from '../../../ask/text-reply.js'
import type {Address} from '../../../protocol/address.js'
import type {ServerFacts} from '../items/server-facts.js'

/** Of a link that is up and idle, a write takes well under a millisecond. */
const CROSS_LIMIT_MS = 1500
const POLL_MS = 5
/** A key of ours that nobody deletes goes by itself. */
const TTL_SECONDS = 60

export interface LinkOptions {
  readonly from: ServerFacts
  readonly to: ServerFacts
  readonly timeoutMs?: number | undefined
  readonly signal?: AbortSignal | undefined
}

/**
 * Whether what is written to one of two servers reaches the other, found out by writing a key of our own to each.
 * Servers that do not replicate are not written to.
 * @throws AskError when one does not answer, or the link carries in one direction only
 */
export async function areLinked({from, to, timeoutMs, signal}: LinkOptions): Promise<boolean> {
  if (!from.replicates || !to.replicates) return false
  const connect = ({address}: ServerFacts): AskConnection =>
    new AskConnection({address, signal, limits: {timeoutMs}, expected: 'an answer to a probe of the link'})
  const [a, b] = [connect(from), connect(to)]
  try {
    const [there, back] = await Promise.all([crosses(a, b, signal), crosses(b, a, signal)])
    if (there !== back) throw oneWay(there ? to.address : from.address)
    return there
  } finally {
    a.close()
    b.close()
  }
}

async function crosses(
  source: AskConnection,
  target: AskConnection,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const key = `repbench:sync:${randomBytes(8).toString('hex')}`
  await askText(source, `set ${key} 0 ${TTL_SECONDS} 1\r\n1`)
  const endMs = performance.now() + CROSS_LIMIT_MS
  try {
    while (performance.now() < endMs) {
      if ((await askText(target, `get ${key}`)).data === '1') return true
      await delay(POLL_MS, undefined, {signal})
    }
    return false
  } finally {
    await askText(source, `delete ${key}`)
  }
}

function oneWay(address: Address): AskError {
  return new AskError({
    code: 'ERR_ASK_REPLY',
    address,
    expected: 'a link that carries both ways or not at all',
    got: 'writes that do not cross from it, though they arrive there',
  })
}
