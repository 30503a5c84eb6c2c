import {readFileSync} from 'node:fs'
import {Command} from 'commander'
import type {CliContext, RegisterCommand} from './app/context.js'
import {exitCodes} from './app/exit-codes.js'
import {reportError} from './app/report-error.js'
import {exitCodeOfSignal, Shutdown} from './app/shutdown.js'
import {TextOutput} from './app/text-output.js'
import {loadCommands} from './registry.js'
import type {Outputs} from './stdio/outputs.js'

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
    exitCode = shutdown.received === undefined ? reportError(error, context) : exitCodeOfSignal(shutdown.received)
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

function readVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
  return (manifest as {version: string}).version
}
