// What a drill says was lost, beside what a link of known behaviour really lost and what a client of its own saw.
import {spawn} from 'node:child_process'
import {chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {setTimeout as wait} from 'node:timers/promises'
import {parseArgs} from 'node:util'
import {LinkProxy} from '../test/instruments/link-proxy.ts'
import {ReplicationTap} from '../test/instruments/replication-tap.ts'
import {WriteOnceClient} from '../test/instruments/write-once-client.ts'
import {binPath} from './processes.ts'
import {markdownTable} from './statistics.ts'

const help = `Usage: npm run bench:rpo -- [options]

Kills the master of a pair whose link holds everything for a while and forgets what it holds. Compares what
was lost by plan, what a client beside the load lost of its own writes, and what the drill says.
REPCACHED_BIN names a real repcached; without it both nodes are embedded ones.

  --loads LIST   rate x keys, such as 2000x10000,10000x2000
  --delay MS     how long the link holds everything (default 80)
  --drill NAME   default kill-master
  --seed N       default 1
  --port N       first port (default 23400)
  --args LIST    more arguments of the drill
  --json         one document a line
`

const MASTER = '127.0.0.1'
const SLAVE = '127.0.0.2'
/** Where each finds the other, through the link. */
const TO_MASTER = '127.0.0.3'
const TO_SLAVE = '127.0.0.4'
const OWN_PER_SECOND = 500
const OWN_PREFIX = 'once:'
const DRILL_PREFIX = 'drill:'

interface Row {
  readonly load: string
  /** Writes of the load that were in the link when the master died. */
  readonly planted: number
  readonly ownMissing: number
  readonly ownMissingMs: number
  /** At the failover to the survivor, and in the whole drill. */
  readonly reported: number | null
  readonly whole: number | null
  readonly reportedMs: number | null
  readonly atEnd: number | null
  readonly unknown: number | null
  readonly extraReads: number | null
  readonly verdict: string
  readonly stale: number | null
}

interface Lost {
  readonly writes: number
  readonly ms: number | null
}

/** What is looked at of it; of an older version some is not there. */
interface DrillDocument {
  readonly rpo:
    | (Lost & {
        readonly atEnd?: Lost
        readonly failovers?: readonly Lost[]
        readonly unknown?: number
        readonly witnessReads?: number
        readonly surveyReads?: number
      })
    | null
  readonly run: {readonly verification: {readonly stale: number} | null} | null
  readonly verdict: string
}

const {values} = parseArgs({
  options: {
    loads: {type: 'string', default: '2000x10000,10000x10000,10000x2000'},
    delay: {type: 'string', default: '80'},
    drill: {type: 'string', default: 'kill-master'},
    seed: {type: 'string', default: '1'},
    port: {type: 'string', default: '23400'},
    args: {type: 'string', default: ''},
    json: {type: 'boolean', default: false},
    help: {type: 'boolean', default: false},
  },
})
async function main(): Promise<void> {
  for (const [index, load] of values.loads.split(',').entries()) {
    const row = await measure(load)
    // Line by line: a row takes ten seconds and more.
    const table = markdownTable([header, cells(row)]).split('\n')
    const lines = values.json ? [JSON.stringify(row)] : index === 0 ? table : table.slice(2)
    process.stdout.write(`${lines.join('\n')}\n`)
  }
}

const header = [
  'load',
  'planted',
  'own client',
  'at failover',
  'ms',
  'in all',
  'at the end',
  'unknown',
  'extra reads',
  'stale reads',
  'verdict',
]

function cells(row: Row): (string | number)[] {
  const own = `${row.ownMissing} of its own, ${row.ownMissingMs.toFixed(0)} ms`
  const {reported, reportedMs, whole, atEnd, unknown, extraReads, stale} = row
  const known = [reported, reportedMs, whole, atEnd, unknown, extraReads, stale].map(value => value ?? '–')
  return [row.load, row.planted, own, ...known, row.verdict]
}

async function measure(load: string): Promise<Row> {
  const [rate, keys] = load.split('x')
  const directory = mkdtempSync(join(tmpdir(), 'repbench-rpo-'))
  const port = Number(values.port)
  const behaviour = {delayMs: Number(values.delay), forgets: true}
  const taps: ReplicationTap[] = []
  // The slave connects to the master: what the master has to say comes from the end that was connected to.
  const tap = (fromDialler: boolean): ReplicationTap => {
    const made = new ReplicationTap()
    if (!fromDialler) taps.push(made)
    return made
  }
  const link = port + 1
  const toMaster = await LinkProxy.open({
    listen: {host: TO_MASTER, port: link},
    to: {host: MASTER, port: link},
    behaviour,
    tap,
  })
  const toSlave = await LinkProxy.open({
    listen: {host: TO_SLAVE, port: link},
    to: {host: SLAVE, port: link},
    behaviour,
  })
  const out = join(directory, 'drill.json')
  const program = writeProgram(directory)
  const args = ['--topology', 'repcached', '--repcached-bin', program, '--port', String(port), '--out', out]
  const more = values.args === '' ? [] : values.args.split(' ')
  const settings = ['--rate', rate!, '--keys', keys!, '--seed', values.seed, ...more]
  const child = spawn(process.execPath, [binPath, 'drill', values.drill, ...args, ...settings], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const exited = new Promise(resolve => child.once('exit', resolve))
  let log = ''
  child.stderr!.on('data', (text: Buffer) => {
    log += text.toString()
  })
  try {
    while (!/ before /.test(log) && child.exitCode === null) await wait(5)
    const own = await WriteOnceClient.open({host: MASTER, port, prefix: OWN_PREFIX, perSecond: OWN_PER_SECOND})
    while (!own.ended && child.exitCode === null) await wait(1)
    const seen = await own.missingOn({host: SLAVE, port: port + 2})
    own.close()
    await exited
    // The link went on until it saw that its end was gone.
    const planted = taps[0]!.underWay()
    return rowOf(load, {planted, seen, out, log})
  } finally {
    if (child.exitCode === null) child.kill()
    await Promise.all([toMaster.close(), toSlave.close()])
    rmSync(directory, {recursive: true})
  }
}

function rowOf(
  load: string,
  {planted, seen, out, log}: {planted: string[]; seen: {missing: number; spanMs: number}; out: string; log: string},
): Row {
  let document: DrillDocument
  try {
    document = JSON.parse(readFileSync(out, 'utf8')) as DrillDocument
  } catch {
    throw new Error(`Expected a drill's document, got:\n${log}`)
  }
  const {rpo, run, verdict} = document
  return {
    load,
    planted: planted.filter(key => key.startsWith(DRILL_PREFIX)).length,
    ownMissing: seen.missing,
    ownMissingMs: seen.spanMs,
    reported: (rpo?.failovers?.[0] ?? rpo)?.writes ?? null,
    whole: rpo?.writes ?? null,
    reportedMs: (rpo?.failovers?.[0] ?? rpo)?.ms ?? null,
    atEnd: rpo?.atEnd?.writes ?? null,
    unknown: rpo?.unknown ?? null,
    extraReads: rpo?.witnessReads === undefined ? null : rpo.witnessReads + (rpo.surveyReads ?? 0),
    verdict,
    stale: run?.verification?.stale ?? null,
  }
}

/** A repcached whose link goes through the proxy, whatever it is told. */
function writeProgram(directory: string): string {
  const file = join(directory, 'repcached')
  const real = process.env.REPCACHED_BIN
  const program = real === undefined ? `"${process.execPath}" "${binPath}" node` : `"${real}"`
  writeFileSync(
    file,
    `#!/bin/bash
args=()
for arg in "$@"; do
  if [ "\${dials-}" = 1 ]; then
    [ "$arg" = ${MASTER} ] && arg=${TO_MASTER}
    [ "$arg" = ${SLAVE} ] && arg=${TO_SLAVE}
  fi
  dials=0
  [ "$arg" = -x ] && dials=1
  args+=("$arg")
done
exec ${program} "\${args[@]}"
`,
  )
  chmodSync(file, 0o755)
  return file
}

if (values.help) process.stdout.write(help)
else await main()
