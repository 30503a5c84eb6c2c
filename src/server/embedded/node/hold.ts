/** A reader that may not keep up with a node: its peer, or the reader of its log. */
export interface Hold {
  /** Clients should not be read now. False again when the reader takes nothing at all. */
  readonly holding: boolean
  /** Calls back once, when clients may be read again. */
  whenReleased(listener: () => void): void
}

/** Never holds. */
export const noHold: Hold = {
  holding: false,
  whenReleased(listener) {
    listener()
  },
}
