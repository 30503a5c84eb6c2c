import type {PeerConnection} from './peer-connection.js'

/** In resilient mode a dial or a join in which nothing comes for so long is given up. */
const SILENT_MS = 5000

/** Cuts a connection whose peer falls silent before it has sent its full copy. */
export class SilenceWatch {
  #timer: NodeJS.Timeout | undefined

  watch(connection: Pick<PeerConnection, 'receivedBytes' | 'lose'>): void {
    this.end()
    let received = 0
    this.#timer = setInterval(() => {
      if (connection.receivedBytes === received) connection.lose()
      received = connection.receivedBytes
    }, SILENT_MS)
  }

  end(): void {
    clearInterval(this.#timer)
  }
}
