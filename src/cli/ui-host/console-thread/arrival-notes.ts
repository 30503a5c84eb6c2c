import {OwnTraffic} from '../../../ask/own-traffic.js'
import {type Address, formatAddress} from '../../../protocol/address.js'
import {awaitArrival, changedKey} from '../../../telnet/keys/arrival.js'
import {KeyReader} from '../../../telnet/keys/key-reader.js'
import type {SettledReply} from '../../../telnet/session/session.js'
import type {OpenSession} from './open-session.js'

/** What has not crossed by then did not cross. */
const LIMIT_MS = 1000
const LAGS_KEPT = 500

const words: Readonly<Record<string, string>> = {
  stored: 'STORED',
  deleted: 'DELETED',
  number: 'the new number',
  hd: 'HD',
  va: 'the new number',
}

/** After each write, looks for it on the node's peers, and says in their sessions when it is there, or that it is not. */
export class ArrivalNotes {
  readonly reader: KeyReader
  readonly #sessions: () => readonly OpenSession[]
  /** How long the last write of a key took to cross, ms. */
  readonly #lags = new Map<string, number>()

  constructor(sessions: () => readonly OpenSession[]) {
    this.#sessions = sessions
    this.reader = new KeyReader({trafficAt: address => trafficAt(address, sessions())})
  }

  lagMs(key: string): number | null {
    return this.#lags.get(key) ?? null
  }

  /** A line is typed to this session: it may begin a write. */
  typed({group}: OpenSession): void {
    if (group === null) return
    for (const session of this.#sessions()) {
      if (session.group === group) void this.reader.prepare(session.address)
    }
  }

  replied(writer: OpenSession, {request, kind, atMs}: SettledReply): void {
    const key = changedKey(request[0] ?? '', kind)
    if (key === null || writer.group === null) return
    for (const peer of this.#sessions()) {
      const linked = peer !== writer && peer.group === writer.group
      if (linked && peer.session.state() === 'connected') void this.#await({writer, peer, key, kind, atMs})
    }
  }

  async #await({
    writer,
    peer,
    key,
    kind,
    atMs,
  }: {writer: OpenSession; peer: OpenSession; key: string} & Pick<SettledReply, 'kind' | 'atMs'>) {
    this.#lags.delete(key)
    const arrival = await awaitArrival({
      readHere: () => this.reader.read(writer.address, key),
      readThere: () => this.reader.read(peer.address, key),
      sinceMs: atMs,
      limitMs: LIMIT_MS,
      now: () => performance.now(),
    })
    const said = words[kind] ?? 'the reply'
    if (arrival.arrived) {
      this.#note(key, arrival.lagMs)
      peer.session.note('good', `✓ ${key} same as ${writer.name}, ${arrival.lagMs.toFixed(1)} ms after ${said}`)
    } else if (arrival.found !== 'silent') {
      const how = arrival.found === 'missing' ? 'is not here' : 'is another one here'
      const seconds = (arrival.afterMs / 1000).toFixed(1)
      peer.session.note('bad', `✗ ${key} ${how}, ${seconds} s after ${writer.name} said ${said}`)
    }
  }

  #note(key: string, lagMs: number): void {
    this.#lags.set(key, lagMs)
    const [oldest] = this.#lags.keys()
    if (this.#lags.size > LAGS_KEPT && oldest !== undefined) this.#lags.delete(oldest)
  }
}

/** The counter of what is asked of a node that a session is open to. */
function trafficAt(address: Address, sessions: readonly OpenSession[]): OwnTraffic | undefined {
  const where = formatAddress(address)
  const session = sessions.find(each => formatAddress(each.address) === where)
  return session && new OwnTraffic({memory: session.traffic, thread: 'consoles'})
}
