/** One line of a console session, as it stands on the screen. */
export interface TranscriptEntry {
  readonly kind: TranscriptKind
  /** Without its line end; bytes that are no printable text are escaped as \xNN. */
  readonly text: string
  /** Only on the last line of a reply: from the command's last byte sent to the reply's last byte, in µs. */
  readonly latencyUs: number | null
  /** Monotonic ms (performance.now()). */
  readonly monotonicMs: number
}

/** system = ours ("Trying…", "Connection closed"), sent = typed by the user, received = from the node. */
export type TranscriptKind = 'system' | 'sent' | 'received'

export type SessionState = 'connecting' | 'connected' | 'closed'
