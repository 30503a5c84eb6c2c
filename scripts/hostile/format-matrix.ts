import type {Hostility} from '../../test/instruments/hostile/hostility.ts'
import type {MeasuredRun} from '../../test/instruments/measured-process.ts'

export interface Outcome {
  readonly command: string
  readonly server: string
  readonly run: MeasuredRun
}

interface MatrixParts {
  readonly outcomes: readonly Outcome[]
  readonly servers: readonly Hostility[]
  readonly commands: readonly string[]
}

const LINE_MAX = 180

/** Two tables: how each command ended against each server, and what it said. */
export function formatMatrix(parts: MatrixParts): string {
  return `${matrix(parts).join('\n')}\n\n${lines(parts).join('\n')}\n`
}

/** Status and seconds; after `^C` how long it took to end by that. */
function matrix({outcomes, servers, commands}: MatrixParts): string[] {
  const head = ['server', ...commands, 'MB at most']
  const rows = servers.map(({name}) => {
    const own = outcomes.filter(({server}) => server === name)
    const cells = commands.map(command => cellOf(own.find(outcome => outcome.command === command)?.run))
    const most = Math.max(...own.map(({run}) => run.peakMegabytes ?? 0))
    return [name, ...cells, most.toFixed(0)]
  })
  return table(head, rows)
}

function cellOf(run: MeasuredRun | undefined): string {
  if (run === undefined) return ''
  const {code, signal, seconds, secondsAfterSignal} = run
  const after = secondsAfterSignal === null ? '' : ` ^C ${secondsAfterSignal.toFixed(1)} s`
  return `${code ?? signal}: ${seconds.toFixed(1)} s${after}`
}

/** A row for each line, with the commands that say it. */
function lines({outcomes, servers}: MatrixParts): string[] {
  const rows = servers.flatMap(({name, does}) => {
    const byLine = Map.groupBy(
      outcomes.filter(({server}) => server === name),
      ({run}) => lineOf(run),
    )
    return [...byLine].map(([line, those], index) => [
      index === 0 ? `${name}: ${does}` : '',
      those.map(({command}) => command).join(', '),
      line,
    ])
  })
  return table(['server', 'commands', 'say'], rows)
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  return [row(head), row(head.map(() => '---')), ...rows.map(row)]
}

/** The line that says what is wrong: the last that looks so, or else the last. */
function lineOf({stdout, stderr}: MeasuredRun): string {
  const told = [...stderr.split('\n'), ...stdout.split('\n')].map(line => line.trim()).filter(line => line !== '')
  const saying =
    /^(repbench: |fail: |unknown: |✗|✘)|^\[.*mcperf: |^Result +unknown|127\.0\.0\.1:\d+ +(down|✗|no|speaks|answered)/
  const text = told.findLast(line => saying.test(line)) ?? told.at(-1) ?? ''
  const same = text
    .replaceAll(/127\.0\.0\.1:\d+/g, '127.0.0.1:N')
    .replaceAll(/repbench:[0-9a-f]{8}:/g, 'repbench:X:')
    .replace(/^\[[A-Z][a-z]{2} [^\]]*\] /, '')
  const short = same.length > LINE_MAX ? `${same.slice(0, LINE_MAX)}…` : same
  return short === '' ? '' : `\`${short.replaceAll('|', '¦').replaceAll('`', "'")}\``
}
