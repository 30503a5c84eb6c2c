import type {RegisterCommand} from '../context.js'

/** How each subcommand is loaded, in the order in which the help lists them; the UI has no name. */
const commandLoaders: Readonly<Record<string, () => Promise<RegisterCommand>>> = {
  '': async () => (await import('./tui.js')).registerTui,
  up: async () => (await import('./up.js')).registerUp,
  load: async () => (await import('./load.js')).registerLoad,
  mcperf: async () => (await import('./mcperf.js')).registerMcperf,
  memslap: async () => (await import('./memslap.js')).registerMemslap,
  profiles: async () => (await import('./profiles.js')).registerProfiles,
  runs: async () => (await import('./runs.js')).registerRuns,
  compare: async () => (await import('./compare.js')).registerCompare,
  baseline: async () => (await import('./baseline.js')).registerBaseline,
  verify: async () => (await import('./verify.js')).registerVerify,
  diff: async () => (await import('./diff.js')).registerDiff,
  drill: async () => (await import('./drill.js')).registerDrill,
  top: async () => (await import('./top.js')).registerTop,
  console: async () => (await import('./console.js')).registerConsole,
  node: async () => (await import('./node.js')).registerNode,
  doctor: async () => (await import('./doctor.js')).registerDoctor,
}

/**
 * What a command line needs: the one command that it names, the UI alone where it
 * names none, and all where the help lists them or a word is mistyped.
 */
export async function loadCommands(argv: readonly string[]): Promise<readonly RegisterCommand[]> {
  const names = Object.keys(commandLoaders)
  const [first = '--'] = argv
  const isForUi = first.startsWith('-') && !argv.some(word => helpOptions.has(word) || names.includes(word))
  const wanted = names.includes(first) ? ['', first] : isForUi ? [''] : names
  return await Promise.all(wanted.map(name => commandLoaders[name]!()))
}

const helpOptions: ReadonlySet<string> = new Set(['-h', '--help'])
