import type {Address} from '../../protocol/address.js'
import type {SessionState, TranscriptEntry} from '../../telnet/transcript/transcript.js'
import type {SavedSession} from '../../telnet/transcript/transcript-file.js'

/** The console sessions, as the UI sees them. */
export interface ConsolePort {
  open(options: UiConsoleOptions): UiConsole
  /** Reads a key on the nodes of these sessions, and says there what was found. */
  checkKey(options: {key: string; sessions: readonly UiConsole[]}): Promise<ConsoleAnswer>
  /** Sends the lines of a transcript file again, and says where the replies differ. */
  replay(options: {file: string; sessions: readonly UiConsole[]}): Promise<ConsoleAnswer>
  /** Writes a new file into the working directory; its name. */
  save(sessions: readonly SavedSession[]): Promise<string>
  readonly history: LineHistory
}

/** Lines that were typed in earlier sessions. */
export interface LineHistory {
  /** Oldest first; nothing where none can be read. */
  load(): Promise<readonly string[]>
  add(line: string): void
}

export interface UiConsoleOptions {
  readonly name: string
  readonly address: Address
  /** Sessions with the same one are to nodes of one pair; null: not of a pair. */
  readonly group: string | null
  readonly onChange: () => void
}

/** One line for people. */
export interface ConsoleAnswer {
  readonly text: string
  readonly good: boolean
}

export interface UiConsole {
  readonly address: Address
  state(): SessionState
  /** Oldest first, bounded. A new array after every change. */
  entries(): readonly TranscriptEntry[]
  /** Bytes of the data block still expected after a storage command, else null. */
  dataBytesExpected(): number | null
  /** Sends one typed line with its CRLF. */
  send(line: string): void
  /** Ends the connection, as telnet's `close`; what was said can still be read. */
  end(): void
  /** Ends it, and forgets it. */
  close(): void
}
