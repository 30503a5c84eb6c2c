/**
 * Why a client's bytes are not read at the moment:
 *
 *     unread   it has not read its replies: more than 1 MiB of them wait in its socket
 *     turn     it has run as many commands as -R allows, or a long answer is being written
 *     peer     the replication queue is filling up, or a full sync is coming in
 *     log      the reader of the node's log does not keep up
 */
export type WaitReason = 'unread' | 'turn' | 'peer' | 'log'

const bits: Readonly<Record<WaitReason, number>> = {unread: 1, turn: 2, peer: 4, log: 8}

/**
 * Whether one client is read. Each part of the node that wants it to wait shuts
 * the gate for a reason of its own and lifts that later; it is open when no
 * reason is left.
 *
 *     socket ──bytes──> open? ──yes──> conversation ──replies──> socket
 *       │                 │ no                 │ shuts it for: turn
 *       └──<──paused──────┤
 *                         └── what has come already is kept in the connection
 *
 *     reason   shut by                                   lifted by
 *     unread   ClientConnection.send                     the socket's drain event
 *     turn     the conversation                          Conversation.proceed, in a later turn of the event loop
 *     peer     ClientConnection, by NodeContext.toPeer   Hold.whenReleased
 *     log      ClientConnection, by NodeLog.hold         Hold.whenReleased
 */
export class ReadGate {
  /** A plain field, because it is read before each line. */
  isOpen = true
  #reasons = 0

  shut(reason: WaitReason): void {
    this.#reasons |= bits[reason]
    this.isOpen = false
  }

  lift(reason: WaitReason): void {
    this.#reasons &= ~bits[reason]
    this.isOpen = this.#reasons === 0
  }

  isShutFor(reason: WaitReason): boolean {
    return (this.#reasons & bits[reason]) !== 0
  }
}
