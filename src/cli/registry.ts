import type {RegisterCommand} from './app/context.js'

/** How each subcommand is loaded, in the order in which the help lists them; the UI has no name. */
const commandLoaders: Readonly<Record<string, () => Promise<RegisterCommand>>> = {
  '': async () => (await import('./commands/tui/tui-command.js')).registerTui,
  up: async () => (await import('./commands/up/up-command.js')).registerUp,
  load: async () => (await import('./commands/load/load-command.js')).registerLoad,
  mcperf: async () => (await import('./commands/mcperf/mcperf-command.js')).registerMcperf,
  memslap: async () => (await import('./commands/memslap/memslap-command.js')).registerMemslap,
  profiles: async () => (await import('./commands/profiles/profiles-command.js')).registerProfiles,
  runs: async () => (await import('./commands/runs/runs-command.js')).registerRuns,
  compare: async () => (await import('./commands/compare/compare-command.js')).registerCompare,
  baseline: async () => (await import('./commands/baseline/baseline-command.js')).registerBaseline,
  verify: async () => (await import('./commands/verify/verify-command.js')).registerVerify,
  diff: async () => (await import('./commands/diff/diff-command.js')).registerDiff,
  sync: async () => (await import('./commands/sync/sync-command.js')).registerSync,
  dump: async () => (await import('./commands/dump/dump-command.js')).registerDump,
  restore: async () => (await import('./commands/restore/restore-command.js')).registerRestore,
  copy: async () => (await import('./commands/copy/copy-command.js')).registerCopy,
  drill: async () => (await import('./commands/drill/drill-command.js')).registerDrill,
  top: async () => (await import('./commands/top/top-command.js')).registerTop,
  console: async () => (await import('./commands/console/console-command.js')).registerConsole,
  node: async () => (await import('./commands/node/node-command.js')).registerNode,
  doctor: async () => (await import('./commands/doctor/doctor-command.js')).registerDoctor,
  completion: async () => (await import('./commands/completion/completion-command.js')).registerCompletion,
}

/**
 * What a command line needs: the one command that it names, the UI alone where it
 * names none, and all where help or completion lists them, or a word is mistyped.
 */
export async function loadCommands(argv: readonly string[]): Promise<readonly RegisterCommand[]> {
  const names = Object.keys(commandLoaders)
  const [first = '--'] = argv
  const isForUi = first.startsWith('-') && !argv.some(word => helpOptions.has(word) || names.includes(word))
  const one = names.includes(first) && first !== 'completion'
  const wanted = one ? ['', first] : isForUi ? [''] : names
  return await Promise.all(wanted.map(name => commandLoaders[name]!()))
}

const helpOptions: ReadonlySet<string> = new Set(['-h', '--help'])
