/** What happens on the connection to the peer. */
export interface PeerEvents {
  /** A dialled connection stands. */
  onConnected(): void
  /** The peer's first frame has come; what it says is applied after this. Called once, and never for who sends none. */
  onHeard(): void
  /** The peer said that it is one of ours in resilient mode. */
  onHello(): void
  onMarugotoEnd(): void
  /** Our full copy is sent. */
  onCopied(keys: number): void
  /** A round of sending is over. */
  onSent(): void
  /** The connection ended, for whatever reason. Called once. */
  onLost(): void
}
