import type {CliContext} from './context.js'

/**
 * Prints on stdout and waits until it is out: what comes next keeps the pace of a slow reader. Never fails; a command
 * that cannot print still has its exit status to give, and main() tells what is not there.
 */
export async function print({stdout, outputs}: Pick<CliContext, 'stdout' | 'outputs'>, text: string): Promise<void> {
  stdout.write(text)
  await outputs.written([outputs.stdout])
}
