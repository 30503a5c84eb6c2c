import type {Command} from 'commander'
import type {Outputs} from '../stdio/outputs.js'
import type {ExitCode} from './exit-codes.js'
import type {Shutdown} from './shutdown.js'
import type {TextOutput} from './text-output.js'

/** The process as a command sees it. */
export interface CliContext {
  readonly stdin: NodeJS.ReadStream
  readonly stdout: TextOutput
  readonly stderr: TextOutput
  /** stdout and stderr: to wait until all is written, and to see why it can't be. */
  readonly outputs: Outputs
  readonly env: NodeJS.ProcessEnv
  readonly version: string
  /** Words of the command line, without the program's name. */
  readonly args: readonly string[]
  /** Aborted by Ctrl-C; also where a command leaves what must be undone at the end. */
  readonly shutdown: Shutdown
  /** Wraps a command's body for commander's action(): its result becomes the exit status. */
  action<Args extends unknown[]>(body: (...args: Args) => Promise<ExitCode | number>): (...args: Args) => Promise<void>
}

/** One subcommand: adds itself to the program. Adding one = one folder in commands/ + one line in registry.ts. */
export type RegisterCommand = (program: Command, context: CliContext) => void
