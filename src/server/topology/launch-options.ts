import type {NodeEvent} from '../node-api/node-event.js'
import type {Watchdog} from '../process/watchdog.js'
import type {Backend, ProgramName} from '../programs/backends/registry.js'
import type {NodeTuning} from '../programs/node-tuning.js'
import type {Placement} from './choose-places.js'

/** What a topology is launched with. */
export interface LaunchOptions extends Placement {
  /** One of topologyPlans. */
  readonly name: string
  /** Instead of embedded nodes. */
  readonly backend?: Backend | undefined
  /** The file bin/repbench.js, which runs the embedded nodes. */
  readonly binPath: string
  readonly tuning?: NodeTuning | undefined
  /** More arguments of the programs: of every node, and by a node's name. */
  readonly nodeArgs?: readonly string[] | undefined
  readonly nodeArgsOf?: Readonly<Record<string, readonly string[]>> | undefined
  /** Adds a third process with the pair's replication port, which is a mistake that operators make. */
  readonly third?: boolean | undefined
  /** Files of the C programs, instead of those from MEMCACHED_BIN, REPCACHED_BIN and PATH. */
  readonly programs?: Readonly<Partial<Record<ProgramName, string | undefined>>> | undefined
  /** Names of nodes that are there already: the new ones get a higher number. */
  readonly takenNames?: readonly string[] | undefined
  /** Shared with others; without it the topology has one of its own. */
  readonly watchdog?: Watchdog | undefined
  /** Gives the launch up; a running topology is ended with close(). */
  readonly signal?: AbortSignal | undefined
  /** Called for every event of every node from the first start on. */
  readonly onEvent?: ((event: NodeEvent) => void) | undefined
  /** Where programs and directories are looked up. @default process.env */
  readonly env?: NodeJS.ProcessEnv | undefined
}
