import {mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {parseArgs} from 'node:util'
import {type HostileCommand, hostileCommands} from '../test/instruments/hostile/commands.ts'
import type {Hostility} from '../test/instruments/hostile/hostility.ts'
import {decentServer, HostileServer, hostilities} from '../test/instruments/hostile-servers.ts'
import {runMeasured} from '../test/instruments/measured-process.ts'
import {formatMatrix, type Outcome} from './hostile/format-matrix.ts'

/**
 * Runs every command against every hostile server, and tells how each ended.
 * --server and --command choose some, --json FILE and --markdown FILE keep the outcome.
 * --interrupt MS sends Ctrl-C to all of them so long after their start; --term sends SIGTERM instead.
 * --bin FILE is another build's bin/repbench.js.
 */
const {values: wanted} = parseArgs({
  options: {
    server: {type: 'string', multiple: true},
    command: {type: 'string', multiple: true},
    json: {type: 'string'},
    markdown: {type: 'string'},
    jobs: {type: 'string', default: '3'},
    interrupt: {type: 'string', default: '20000'},
    term: {type: 'boolean', default: false},
    bin: {type: 'string', default: fileURLToPath(new URL('../bin/repbench.js', import.meta.url))},
  },
})

/** A command that does not end so long after Ctrl-C is killed. */
const GRACE_MS = 10_000

const stateDirectory = mkdtempSync(join(tmpdir(), 'repbench-hostile-'))
const env = {...process.env, XDG_STATE_HOME: stateDirectory, NO_COLOR: '1'}

const servers = [decentServer, ...hostilities].filter(
  ({name}) => wanted.server?.includes(name) ?? name !== decentServer.name,
)
const commands = hostileCommands.filter(({name}) => wanted.command?.includes(name) ?? true)
const left = servers.flatMap(hostility => commands.map(command => ({hostility, command})))
const outcomes: Outcome[] = []
try {
  await Promise.all(
    Array.from({length: Number(wanted.jobs)}, async () => {
      for (let next = left.shift(); next !== undefined; next = left.shift()) outcomes.push(await runOne(next))
    }),
  )
} finally {
  rmSync(stateDirectory, {recursive: true, force: true})
}
if (wanted.json !== undefined) writeFileSync(wanted.json, `${JSON.stringify(outcomes, null, 2)}\n`)
if (wanted.markdown !== undefined)
  writeFileSync(wanted.markdown, formatMatrix({outcomes, servers, commands: commands.map(({name}) => name)}))

async function runOne({hostility, command}: {hostility: Hostility; command: HostileCommand}): Promise<Outcome> {
  const [server, decent] = await Promise.all([HostileServer.open(hostility), HostileServer.open(decentServer)])
  try {
    const run = await runMeasured({
      args: [wanted.bin, ...command.args(server.address, decent.address)],
      env,
      input: command.input,
      signalAfterMs: Number(wanted.interrupt),
      signal: wanted.term ? 'SIGTERM' : 'SIGINT',
      from: server.met,
      graceMs: GRACE_MS,
    })
    const outcome = {command: command.name, server: hostility.name, run}
    process.stdout.write(`${lineOf(outcome)}\n`)
    return outcome
  } finally {
    await Promise.all([server.close(), decent.close()])
  }
}

function lineOf({command, server, run}: Outcome): string {
  const {code, signal, seconds, peakMegabytes, secondsAfterSignal, stderr, stdout} = run
  const end = secondsAfterSignal === null ? '' : ` (${secondsAfterSignal.toFixed(1)} s after the signal)`
  const last = (text: string): string => text.trimEnd().split('\n').at(-1) ?? ''
  const how = `${code ?? signal} in ${seconds.toFixed(1)} s${end}, ${peakMegabytes?.toFixed(0)} MB`
  return JSON.stringify([server, command, how, last(stderr).slice(0, 200), last(stdout).slice(0, 200)])
}
