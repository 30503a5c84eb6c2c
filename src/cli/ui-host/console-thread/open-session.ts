import type {ConsoleSession} from '../../../telnet/session/session.js'
import type {SessionTarget} from './messages.js'

/** A session of the console's thread, and whom it talks to. */
export interface OpenSession extends SessionTarget {
  readonly session: ConsoleSession
}
