import {lookup} from 'node:dns/promises'
import {BlockList, isIPv6, type Socket} from 'node:net'
import {isLoopback} from '../../../protocol/address.js'
import {FRAME_MAX_WORDS, REP_LINE_MAX_BYTES, readFrame} from '../../../protocol/replication/replication-frame.js'
import {CR, LF} from '../../../protocol/text/ascii.js'
import {CommandLine} from '../../../protocol/text/command-line.js'
import type {NodeLog} from '../node/node-log-writer.js'
import {endsStream} from './frame-applier.js'
import {WaitingPeers} from './waiting-peers.js'

/** A connection whose first frame has not come by then is no peer. */
const SILENCE_MS = 2000
/** What another connection from the same address leaves to an earlier one. */
const DISPLACED_MS = 100
/** Lines of the log about those who were turned away, until somebody is let in. */
const MOST_LINES = 32

export interface Admitted {
  readonly socket: Socket
  readonly address: string
  /** What it has sent so far: its first frame, and perhaps more; empty for one that was let in without a word. */
  readonly received: Buffer
}

/** Who need not say anything to be let in. */
type Silent = 'anybody' | {readonly address: string} | 'nobody'

/**
 * Decides who of those that connect to the replication port is let in as the peer:
 * whose first line is a frame. Who says nothing, or something else, never gets an
 * item and keeps nobody out. repcached's own joiners say nothing: where one may
 * come from is told by {@link mayBeSilent}.
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
  /** Who is let in as soon as it is connected. */
  mayBeSilent: Silent = 'nobody'
  /** How many were turned away since the start. */
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
   * Finds all addresses of `--peers`. To be called before the first connection arrives.
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
      this.#turnAway(socket, {level: 0, address, reason: 'it is none of --peers'})
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
    const {mayBeSilent} = this
    return mayBeSilent === 'anybody' || (mayBeSilent !== 'nobody' && isSameHost(address, mayBeSilent.address))
  }

  /** Turns away everybody who waits: a peer was found elsewhere, or the node stops. */
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
        this.#turnAway(socket, {level: 1, address, reason: 'it sent what is no frame'})
        return
      }
      // Its handle can't change hands inside of the read that has brought this.
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
    // A `rep` that can't be stored is skipped with its data: its sender is a peer all the same.
    return !endsStream(readFrame(this.#line))
  }

  /** One timer for whoever's time is over first. */
  #schedule(): void {
    const nextMs = this.#waiting.nextDeadlineMs
    if (nextMs === null || nextMs >= this.#timerAtMs) return
    clearTimeout(this.#timer)
    this.#timerAtMs = nextMs
    // A node that stood still has yet to read what came meanwhile: the callbacks of reads go before setImmediate's.
    this.#timer = setTimeout(() => setImmediate(() => this.#dropOverdue()), Math.max(1, nextMs - performance.now()))
  }

  #dropOverdue(): void {
    this.#timerAtMs = Number.POSITIVE_INFINITY
    for (const {peer, address, displaced} of this.#waiting.overdue(performance.now())) {
      this.#waiting.leave(peer)
      const silence = {
        level: 0,
        reason: 'it said nothing for 2 s (a repcached never does: -x with its address lets it in)',
      }
      const displacement = {level: 1, reason: 'another connection came from there'}
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

/** All loopback addresses are one: a program of this machine takes any of them for its own. */
export function isSameHost(one: string, other: string): boolean {
  return one === other || (isLoopback(one) && isLoopback(other))
}

/** Without IPv6's prefix of an address of IPv4; null where the other end is gone already. */
function plainAddress(address: string | undefined): string | null {
  return address?.replace(/^::ffff:(?=\d+\.)/i, '') ?? null
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIPv6(address) ? 'ipv6' : 'ipv4'
}
