/** An item of a ready list; only the list writes its mark. */
export interface Listed {
  /** It is in the list. */
  queued: boolean
}

/** Connections that send in the next turn of the event loop, each once: sending together wakes the server less often. */
export class ReadyList<T extends Listed> {
  #ready: T[] = []
  #sending: T[] = []

  get count(): number {
    return this.#ready.length
  }

  add(item: T): void {
    if (item.queued) return
    item.queued = true
    this.#ready.push(item)
  }

  /** Calls `send` for each and empties the list; items added meanwhile wait for the next turn. */
  sendAll(send: (item: T) => void): void {
    const sending = this.#ready
    this.#ready = this.#sending
    this.#sending = sending
    for (const item of sending) {
      item.queued = false
      send(item)
    }
    sending.length = 0
  }
}
