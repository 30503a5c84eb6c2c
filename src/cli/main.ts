import {readFileSync} from 'node:fs'
import {Command, CommanderError} from 'commander'
import {messageOf, oneLine, RepbenchError} from '../protocol/errors.js'
import type {CliContext, RegisterCommand} from './app/context.js'
import {exitCodes} from './app/exit-codes.js'
import {describeOutsideError} from './app/outside-error.js'
import {exitCodeOfSignal, Shutdown} from './app/shutdown.js'
import {TextOutput} from './app/text-output.js'
import {loadCommands} from './registry.js'
import type {Outputs} from './stdio/outputs.js'

/** Errors of the command line or of what must be installed first: exit 2. */
const usageCodes = new Set([
  'ERR_USAGE',
  'ERR_ADDRESS',
  'ERR_TOPOLOGY',
  'ERR_PROGRAM_MISSING',
  'ERR_OPEN_FILE_LIMIT',
  'ERR_ADDRESS_UNAVAILABLE',
])

/** Runs one command line and ends the process with its exit status (docs/cli.md). */
export async function main(argv: readonly string[], outputs: Outputs): Promise<void> {
  const shutdown = new Shutdown({outputs})
  shutdown.install()
  let exitCode: number = exitCodes.pass
  const context: CliContext = {
    // Most commands leave it alone, and what is on it to the next program.
    get stdin() {
      return process.stdin
    },
    stdout: new TextOutput(process.stdout),
    stderr: new TextOutput(process.stderr),
    outputs,
    env: process.env,
    version: readVersion(),
    args: argv,
    shutdown,
    action:
      body =>
      async (...args) => {
        exitCode = await body(...args)
      },
  }
  try {
    await createProgram(context, await loadCommands(argv)).parseAsync(argv, {from: 'user'})
  } catch (error) {
    // What fails after Ctrl-C fails because of it.
    exitCode = shutdown.received === undefined ? report(error, context) : exitCodeOfSignal(shutdown.received)
  }
  await shutdown.exit(exitCode)
}

function createProgram(context: CliContext, commands: readonly RegisterCommand[]): Command {
  const program = new Command('repbench')
    .description('Launch, load, break and check replicated memcached pairs.')
    .version(context.version, '-V, --version')
    .helpCommand(false)
    .showHelpAfterError(false)
    .enablePositionalOptions()
    .exitOverride()
    // Errors are thrown and reported once, in one line, by main().
    .configureOutput({writeErr: () => {}})
  for (const register of commands) register(program, context)
  return program
}

/** Prints an error as one line on stderr and says which exit status it means. */
function report(error: unknown, {stderr, env}: CliContext): number {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return exitCodes.pass
    stderr.write(`repbench: ${oneLine(error.message.replace(/^error: |\.$/g, ''))}; see repbench --help\n`)
    return exitCodes.usage
  }
  if (error instanceof RepbenchError) {
    stderr.write(`repbench: ${oneLine(error.message)}\n`)
    if (env.REPBENCH_DEBUG) stderr.write(`${error.stack}\n`)
    return usageCodes.has(error.code) ? exitCodes.usage : exitCodes.fail
  }
  const outside = describeOutsideError(error)
  const text = outside ?? `internal error: ${messageOf(error)} (REPBENCH_DEBUG=1 shows where)`
  stderr.write(`repbench: ${oneLine(text)}\n`)
  if (env.REPBENCH_DEBUG && error instanceof Error) stderr.write(`${error.stack}\n`)
  return outside === null ? exitCodes.internal : exitCodes.fail
}

function readVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
  return (manifest as {version: string}).version
}
