/** One line of a console session, as it stands on the screen. */
export interface TranscriptEntry {
  readonly kind: TranscriptKind
  /** Without its line end; bytes that are no printable text are escaped as \xNN. */
  readonly text: string
  /** Only on the last line of a reply: from the command's last byte sent to the reply's last byte, in µs. */
  readonly latencyUs: number | null
  /** Monotonic ms (performance.now()). */
  readonly monotonicMs: number
  /** Wall clock, ms since the epoch. */
  readonly atMs: number
}

/**
 * system = telnet's lines ("Trying…", "Connection closed"), sent = typed by the user, received = from the node,
 * good and bad = what repbench adds ("✓ same as m1").
 */
export type TranscriptKind = 'system' | 'sent' | 'received' | 'good' | 'bad'

export type SessionState = 'connecting' | 'connected' | 'closed'
