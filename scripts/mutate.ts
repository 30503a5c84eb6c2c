import {spawnSync} from 'node:child_process'
import {globSync, mkdirSync, readFileSync} from 'node:fs'
import {join} from 'node:path'

/**
 * `npm run mutate [-- SUBJECT…]`: Stryker changes the code of measuring and judging in
 * small ways, one at a time, and runs the tests of the subject: a mutant that none of
 * them notices has survived. Prints the survivors and the share killed of each subject;
 * results are kept in reports/mutation/, and only what changed since is run again.
 * `npm run mutate -- --report` prints what is kept. The tests run in one process, by
 * scripts/mutate/in-process-runner.ts; with `--by-vitest` by vitest, which takes hours.
 */
interface Subject {
  readonly name: string
  readonly mutated: readonly string[]
  /** Globs; quick ones, because all that reach a mutant run for it: no process, no compiled file, no real waiting. */
  readonly tests: readonly string[]
}

/** The share that must be killed in each subject, in percent. */
const KILLED_LEAST = 85

/** Checks that ask no node. */
const pureChecks = [
  'src/engine/check/items/compare-items.ts',
  'src/engine/check/items/item-reply.ts',
  'src/engine/check/ledger/consistency-schema.ts',
  'src/engine/check/ledger/explain-absences.ts',
  'src/engine/check/ledger/ledger-findings.ts',
  'src/engine/check/ledger/ledger-verdict.ts',
  'src/engine/check/ledger/lost-acks.ts',
  'src/engine/check/ledger/node-removals.ts',
]

/** Stryker splits what is mutated at each comma: no braces there. */
const subjects: readonly Subject[] = [
  {
    name: 'loop',
    mutated: ['src/engine/loop/*.ts', '!src/engine/loop/load-loop.ts'],
    tests: [
      'test/engine/loop/{cas-unique,connection,connection-opener,failover-policy,home-watch,next-attempt}.test.ts',
      'test/engine/loop/{out-of-step,pacer,request-writer,sender,time-outs}.test.ts',
    ],
  },
  {
    name: 'load-loop',
    mutated: ['src/engine/loop/load-loop.ts'],
    tests: ['test/engine/loop/{load-loop,load-methods,load-failover,own-lateness}.test.ts'],
  },
  {
    name: 'generator',
    mutated: ['src/engine/generator/*.ts', 'src/engine/mcperf/time-outs.ts'],
    tests: [
      'test/engine/generator/*.test.ts',
      'test/engine/loop/{connection,pacer,request-writer,time-outs}.test.ts',
      'test/engine/mcperf/time-outs.test.ts',
    ],
  },
  {name: 'measure', mutated: ['src/engine/measure/*.ts'], tests: ['test/engine/measure/*.test.ts']},
  {name: 'verify', mutated: ['src/engine/verify/*.ts'], tests: ['test/engine/verify/!(verified-load).test.ts']},
  {
    name: 'result',
    mutated: ['src/engine/result/judge-run.ts', 'src/engine/result/new-failures.ts', 'src/engine/result/timeline.ts'],
    tests: ['test/engine/result/{judge-run,judge-link,new-failures,timeline}.test.ts'],
  },
  {name: 'lag', mutated: ['src/engine/lag/*.ts'], tests: ['test/engine/lag/!(lag-truth|lag-probe-times).test.ts']},
  {
    name: 'judge',
    mutated: ['src/engine/drills/judge/*.ts'],
    tests: ['test/engine/drills/judge/*.test.ts', 'test/engine/drills/failover/failovers.test.ts'],
  },
  {
    name: 'check',
    mutated: pureChecks,
    tests: [
      'test/engine/check/items/{compare-items,item-reply}.test.ts',
      'test/engine/check/ledger/{consistency-schema,explain-absences,ledger-findings}.test.ts',
      'test/engine/check/ledger/{ledger-verdict,lost-acks,node-removals}.test.ts',
    ],
  },
  {
    // Against scripted nodes on loopback sockets.
    name: 'check-nodes',
    mutated: ['src/engine/check/**/*.ts', ...pureChecks.map(file => `!${file}`)],
    tests: [
      'test/engine/check/{diff-nodes,pair-check}.test.ts',
      'test/engine/check/items/{item-connection,list-keys,odd-key-reader,slab-dump}.test.ts',
      'test/engine/check/ledger/{check-ledger,ledger-examination,ledger-exptimes,ledger-reader,removal-watch}.test.ts',
    ],
  },
  {
    name: 'replication',
    mutated: ['src/server/embedded/replication/*.ts', '!src/server/embedded/replication/replication-link.ts'],
    tests: ['test/server/embedded/replication/!(*-link).test.ts'],
  },
  {
    name: 'replication-link',
    mutated: ['src/server/embedded/replication/replication-link.ts'],
    tests: ['test/server/embedded/replication/*-link.test.ts'],
  },
  {
    name: 'parting',
    mutated: ['src/server/parting/*.ts'],
    tests: ['test/server/parting/!(parted-nodes).test.ts'],
  },
]

/** Of Stryker's report, as far as it is read here. */
interface Report {
  readonly files: Readonly<Record<string, {readonly source: string; readonly mutants: readonly Mutant[]}>>
}

interface Mutant {
  readonly mutatorName: string
  readonly status:
    | 'Killed'
    | 'Survived'
    | 'NoCoverage'
    | 'Timeout'
    | 'CompileError'
    | 'RuntimeError'
    | 'Ignored'
    | 'Pending'
  readonly replacement?: string
  readonly location: {readonly start: Position; readonly end: Position}
}

interface Position {
  readonly line: number
  readonly column: number
}

interface Score {
  killed: number
  alive: number
}

function reportPath({name}: Subject): string {
  return join('reports', 'mutation', `${name}.json`)
}

function mutate(subject: Subject): void {
  mkdirSync(join('reports', 'mutation'), {recursive: true})
  const tests = subject.tests.flatMap(glob => globSync(glob))
  if (tests.length === 0) throw new Error(`Expected tests of ${subject.name}, got none at ${subject.tests.join(', ')}`)
  const stryker = join('node_modules', '@stryker-mutator', 'core', 'bin', 'stryker.js')
  const runner = process.argv.includes('--by-vitest') ? 'vitest' : 'in-process'
  const options = ['run', '--testRunner', runner, '--mutate', subject.mutated.join(',')]
  options.push('--incrementalFile', reportPath(subject))
  const {status, signal} = spawnSync(process.execPath, [stryker, ...options], {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: {...process.env, MUTATE_TESTS: tests.join(' ')},
  })
  if (status !== 0)
    throw new Error(`Expected Stryker to end its run of ${subject.name}, got ${signal ?? `exit ${status}`}`)
}

/** @returns the mutants of each file that was mutated; empty where the subject was never run */
function resultsOf(subject: Subject): [file: string, {source: string; mutants: readonly Mutant[]}][] {
  try {
    const report: Report = JSON.parse(readFileSync(reportPath(subject), 'utf8'))
    return Object.entries(report.files).filter(([, {mutants}]) => mutants.length > 0)
  } catch {
    return []
  }
}

/** Mutants that no test noticed are alive; those that cannot run say nothing. */
function scoreOf(mutants: readonly Mutant[]): Score {
  const score = {killed: 0, alive: 0}
  for (const {status} of mutants) {
    if (status === 'Killed' || status === 'Timeout') score.killed++
    else if (status === 'Survived' || status === 'NoCoverage') score.alive++
  }
  return score
}

function percent({killed, alive}: Score): number {
  return killed + alive === 0 ? 100 : (100 * killed) / (killed + alive)
}

function survivorLine(file: string, source: string, {location, mutatorName, replacement, status}: Mutant): string {
  const {start, end} = location
  const lines = source.split('\n').slice(start.line - 1, end.line)
  const text =
    lines.length === 1 ? lines[0]!.slice(start.column - 1, end.column - 1) : `${lines[0]!.slice(start.column - 1)} …`
  const now = replacement?.split('\n').join(' ').slice(0, 80)
  return `${file}:${start.line} ${status === 'NoCoverage' ? 'not run' : 'survived'} ${mutatorName}: ${text} → ${now}\n`
}

function print(subject: Subject): boolean {
  const results = resultsOf(subject)
  if (results.length === 0) {
    process.stdout.write(`${subject.name}: not run yet\n`)
    return true
  }
  for (const [file, {source, mutants}] of results) {
    for (const mutant of mutants) {
      if (scoreOf([mutant]).alive > 0) process.stdout.write(survivorLine(file, source, mutant))
    }
  }
  const rows = [...results.map(([file, {mutants}]) => [file, mutants] as const)]
  for (const [name, mutants] of [...rows, [subject.name, rows.flatMap(([, mutants]) => mutants)] as const]) {
    const score = scoreOf(mutants)
    process.stdout.write(`${name}: ${percent(score).toFixed(1)} % of ${score.killed + score.alive} mutants killed\n`)
  }
  return percent(scoreOf(rows.flatMap(([, mutants]) => mutants))) >= KILLED_LEAST
}

const names = process.argv.slice(2).filter(argument => !argument.startsWith('--'))
const unknown = names.filter(name => !subjects.some(subject => subject.name === name))
if (unknown.length > 0) {
  throw new Error(`Expected subjects of ${subjects.map(({name}) => name).join(', ')}, got ${unknown.join(', ')}`)
}
const chosen = names.length === 0 ? subjects : subjects.filter(({name}) => names.includes(name))
if (!process.argv.includes('--report')) for (const subject of chosen) mutate(subject)
if (!chosen.map(print).every(Boolean)) process.exitCode = 1
