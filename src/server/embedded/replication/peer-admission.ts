import {lookup} from 'node:dns/promises'
import {BlockList, isIPv6, type Socket} from 'node:net'
import {isLoopback} from '../../../protocol/address.js'
import {FRAME_MAX_WORDS, REP_LINE_MAX_BYTES, readFrame} from '../../../protocol/replication/replication-frame.js'
import {CR, LF} from '../../../protocol/text/ascii.js'
import {CommandLine} from '../../../protocol/text/command-line.js'
import type {NodeLog} from '../node/node-log-writer.js'
import {endsStream} from './frame-applier.js'
import {WaitingPeers} from './waiting-peers.js'

/** A connection without a frame after so long is turned away. */
const SILENCE_MS = 2000
/** Time left to a connection when a later one comes from its address. */
const DISPLACED_MS = 100
/** Most log lines about connections turned away, until one is admitted. */
const MOST_LINES = 32

export interface Admitted {
  readonly socket: Socket
  readonly address: string
  /** Bytes received so far: the first frame, perhaps more; empty when it was admitted without a frame. */
  readonly received: Buffer
}

/** Connections that are admitted without a frame. */
type SilentPeers = 'all' | {readonly address: string} | 'none'

/**
 * Tells the peer among the connections to the replication port: the one whose first
 * line is a frame. Others never get an item, and keep no peer out. A repcached sends
 * nothing when it joins: {@link admitsSilent} says where one may come from.
 */
export class PeerAdmission {
  readonly #log: NodeLog
  readonly #peers: readonly string[] | null
  readonly #peerAddresses = new BlockList()
  readonly #onAdmitted: (admitted: Admitted) => void
  readonly #waiting = new WaitingPeers<Socket>({silenceMs: SILENCE_MS, displacedMs: DISPLACED_MS})
  readonly #line = new CommandLine(FRAME_MAX_WORDS)
  readonly #said = new Set<string>()
  #timer: NodeJS.Timeout | undefined
  #timerAtMs = Number.POSITIVE_INFINITY
  /** Connections that are admitted at once. */
  admitsSilent: SilentPeers = 'none'
  /** Connections turned away since the start. */
  turnedAway = 0

  constructor(options: {
    log: NodeLog
    /** `--peers`: addresses and host names that may join; null = any. */
    peers: readonly string[] | null
    onAdmitted: (admitted: Admitted) => void
  }) {
    this.#log = options.log
    this.#peers = options.peers
    this.#onAdmitted = options.onAdmitted
  }

  /**
   * Looks up all addresses of `--peers`. Call before the first connection arrives.
   * @throws the system's error for a name without an address
   */
  async resolvePeers(): Promise<void> {
    for (const name of this.#peers ?? []) {
      for (const {address} of await lookup(name, {all: true}))
        this.#peerAddresses.addAddress(address, familyOf(address))
    }
  }

  /** A connection of a server with `pauseOnConnect`, not read yet. */
  arrived(socket: Socket): void {
    const address = plainAddress(socket.remoteAddress)
    if (address === null) {
      socket.destroy()
      return
    }
    if (this.#peers !== null && !this.#peerAddresses.check(address, familyOf(address))) {
      this.#turnAway(socket, {level: 0, address, reason: 'not in --peers'})
      return
    }
    if (this.#silenceIsAllowed(address)) {
      this.#onAdmitted({socket, address, received: Buffer.alloc(0)})
      return
    }
    const nowMs = performance.now()
    const outOfRoom = this.#waiting.arrive({peer: socket, address, nowMs})
    if (outOfRoom !== null) this.#turnAway(outOfRoom.peer, {level: 1, ...outOfRoom, reason: 'too many connections'})
    this.#listen(socket, address)
    this.#schedule()
  }

  #silenceIsAllowed(address: string): boolean {
    const {admitsSilent} = this
    return admitsSilent === 'all' || (admitsSilent !== 'none' && isSameHost(address, admitsSilent.address))
  }

  /** Closes all waiting connections: the link is up, or the node stops. */
  close(): void {
    clearTimeout(this.#timer)
    this.#timerAtMs = Number.POSITIVE_INFINITY
    this.#said.clear()
    for (const socket of this.#waiting.clear()) socket.resetAndDestroy()
  }

  #listen(socket: Socket, address: string): void {
    let received: Buffer = Buffer.alloc(0)
    const onEnd = () => socket.destroy()
    const onData = (chunk: Buffer) => {
      received = received.length === 0 ? chunk : Buffer.concat([received, chunk])
      const lineEnd = received.indexOf(LF)
      if (lineEnd < 0 && received.length <= REP_LINE_MAX_BYTES) return
      socket.off('data', onData)
      socket.off('end', onEnd)
      socket.pause()
      if (!this.#waiting.leave(socket)) return
      if (!this.#isFrame(received, lineEnd)) {
        this.#turnAway(socket, {level: 1, address, reason: 'sent no valid frame'})
        return
      }
      // The socket's handle cannot be adopted inside its own read callback.
      process.nextTick(this.#onAdmitted, {socket, address, received})
    }
    socket.on('error', () => {})
    socket.on('close', () => this.#waiting.leave(socket))
    socket.on('end', onEnd)
    socket.on('data', onData)
    socket.resume()
  }

  #isFrame(bytes: Buffer, lineEnd: number): boolean {
    if (lineEnd < 0) return false
    this.#line.read(bytes, 0, bytes[lineEnd - 1] === CR ? lineEnd - 1 : lineEnd)
    // A malformed `rep` with a length can be skipped with its data: its sender is a peer all the same.
    return !endsStream(readFrame(this.#line))
  }

  /** Sets one timer to the earliest deadline. */
  #schedule(): void {
    const nextMs = this.#waiting.nextDeadlineMs
    if (nextMs === null || nextMs >= this.#timerAtMs) return
    clearTimeout(this.#timer)
    this.#timerAtMs = nextMs
    // After a standstill, bytes that came meanwhile must be read first: read callbacks run before setImmediate's.
    this.#timer = setTimeout(() => setImmediate(() => this.#dropOverdue()), Math.max(1, nextMs - performance.now()))
  }

  #dropOverdue(): void {
    this.#timerAtMs = Number.POSITIVE_INFINITY
    for (const {peer, address, displaced} of this.#waiting.overdue(performance.now())) {
      this.#waiting.leave(peer)
      const silence = {
        level: 0,
        reason: 'sent no frame within 2 s; a repcached, which sends none, is let in from the address of -x',
      }
      const displacement = {level: 1, reason: 'another connection came from its address'}
      this.#turnAway(peer, {address, ...(displaced ? displacement : silence)})
    }
    this.#schedule()
  }

  #turnAway(socket: Socket, {level, address, reason}: {level: number; address: string; reason: string}): void {
    this.turnedAway++
    socket.resetAndDestroy()
    const line = `replication: turned away ${address}: ${reason}`
    if (this.#said.size >= MOST_LINES || this.#said.has(line)) return
    this.#said.add(line)
    this.#log.line(level, line)
  }
}

/** Whether both are the same host; all loopback addresses are, because a program may use any of them. */
export function isSameHost(one: string, other: string): boolean {
  return one === other || (isLoopback(one) && isLoopback(other))
}

/** The address without IPv6's prefix for IPv4 addresses; null when the connection is gone already. */
function plainAddress(address: string | undefined): string | null {
  return address?.replace(/^::ffff:(?=\d+\.)/i, '') ?? null
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIPv6(address) ? 'ipv6' : 'ipv4'
}
