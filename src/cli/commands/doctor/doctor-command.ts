import type {Address} from '../../../protocol/address.js'
import type {CliContext, RegisterCommand} from '../../app/context.js'
import {type ExitCode, exitCodes} from '../../app/exit-codes.js'
import {formatJson} from '../../app/json-text.js'
import {exitCodeOfSignal} from '../../app/shutdown.js'
import {addProgramOptions, type ProgramOptions, programFiles} from '../../options/node-options.js'
import {addServer} from '../../options/option-readers.js'
import type {CheckResult} from './check.js'

interface DoctorOptions extends ProgramOptions {
  readonly json?: true
  readonly clean?: true
  readonly server?: readonly Address[]
}

export const registerDoctor: RegisterCommand = (program, context) => {
  const command = program
    .command('doctor')
    .summary('what this machine has for repbench, and what to do about what it lacks')
    .description('Say what this machine has for repbench, and what to do about what it lacks.')
    .option('--clean', 'kill the nodes that a crashed repbench has left')
    .option('--server <host:port>', 'also say what is there (once for each)', addServer)
    .option('--json', 'print one JSON document')
  addProgramOptions(command)
  command
    .addHelpText('after', '\nExit status: 0 everything that repbench needs is there, 2 something is missing.')
    .action(context.action((options: DoctorOptions) => runDoctor(options, context)))
}

async function runDoctor(options: DoctorOptions, context: CliContext): Promise<ExitCode | number> {
  const {json, clean = false} = options
  const programs = programFiles(options)
  const [{checks, allNeededIsThere}, {checkLeftovers}, {checkServer}] = await Promise.all([
    import('./checks.js'),
    import('./leftovers.js'),
    import('./check-server.js'),
  ])
  const {env, version, stdout} = context
  const {signal} = context.shutdown
  const results: CheckResult[] = [await checkLeftovers({env, clean})]
  for (const check of checks) results.push(await check({env, version, programs, signal}))
  results.push(...(await Promise.all((options.server ?? []).map(server => checkServer(server, {signal})))))
  // What was not looked at to the end is not missing.
  if (context.shutdown.received !== undefined) return exitCodeOfSignal(context.shutdown.received)
  const isComplete = allNeededIsThere(results)
  if (json) {
    const document = {schema: 'repbench.doctor/1', command: 'doctor', version, checks: results, complete: isComplete}
    stdout.write(formatJson(document))
  } else {
    // Leftovers may hold a port that a later check tells of, so they are looked for first and told last.
    const [leftovers, ...others] = results
    for (const result of [...others, leftovers!]) stdout.write(`${resultLines(result).join('\n')}\n`)
    stdout.write(
      isComplete ? '\nEverything that repbench needs is there.\n' : '\nSomething that repbench needs is missing.\n',
    )
  }
  return isComplete ? exitCodes.pass : exitCodes.usage
}

const marks = {ok: '✓', note: '!', missing: '✗'} as const

function resultLines({name, status, found, advice}: CheckResult): string[] {
  return [`${marks[status]} ${name.padEnd(12)} ${found}`, ...(advice === null ? [] : [`${' '.repeat(15)}→ ${advice}`])]
}
