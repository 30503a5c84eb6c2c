/** Takes the data block of the command that asked for it. */
export interface DataReceiver {
  /** The next piece of the block. */
  data(bytes: Buffer, start: number, end: number): void
  /** The block and the two bytes after it have come; `terminated` = those two were CRLF. */
  dataEnd(terminated: boolean): void
  /** The block will not come: frees what was kept for it. */
  abort(): void
}
