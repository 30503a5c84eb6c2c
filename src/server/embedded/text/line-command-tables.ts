import type {Verb} from '../../../protocol/text/command.js'
import type {CommandLine} from '../../../protocol/text/command-line.js'
import type {NodeContext} from '../node/node-context.js'
import type {PersonalityName} from '../node/node-settings.js'
import {
  runCacheMemlimit,
  runCounter,
  runDebugTime,
  runDelete,
  runFlushAll,
  runSlabs,
  runTouch,
  runVerbosity,
} from './line-commands.js'
import {
  runModernDelete,
  runModernFlushAll,
  runModernLru,
  runModernSlabs,
  runModernVerbosity,
} from './modern-line-commands.js'

/** Runs a command of one line; returns its reply of one line. */
type LineCommand = (context: NodeContext, line: CommandLine) => string
type LineCommands = Readonly<Partial<Record<Verb, LineCommand>>>

const shared = {
  incr: (context, line) => runCounter(context, line, 'incr'),
  decr: (context, line) => runCounter(context, line, 'decr'),
  touch: runTouch,
  debugtime: runDebugTime,
  cache_memlimit: runCacheMemlimit,
} as const satisfies LineCommands

const classic: LineCommands = {
  ...shared,
  delete: runDelete,
  flush_all: runFlushAll,
  verbosity: runVerbosity,
  slabs: runSlabs,
  version: (context, line) => (line.count > 1 ? 'ERROR' : `VERSION ${context.personality.version}`),
}

const modern: LineCommands = {
  ...shared,
  delete: runModernDelete,
  flush_all: runModernFlushAll,
  verbosity: runModernVerbosity,
  slabs: runModernSlabs,
  lru: runModernLru,
  version: context => `VERSION ${context.personality.version}`,
}

/** The one-line commands of each personality. */
export const lineCommandTables: Readonly<Record<PersonalityName, LineCommands>> = {'1.4': classic, '1.6': modern}
