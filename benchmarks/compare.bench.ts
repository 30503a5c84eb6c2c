import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {text} from 'node:stream/consumers'
import {fileURLToPath} from 'node:url'
import {parseArgs} from 'node:util'
import {binPath} from './processes.ts'
import {markdownTable} from './statistics.ts'

/**
 * How often `repbench compare --pairs` is wrong: tables of a scripted server against its equal, and of it against one
 * that takes longer. Options: --tables N (of each kind), --pairs N, --duration D, --delay MS, --slower PERCENT.
 */
const {values} = parseArgs({
  options: {
    tables: {type: 'string', default: '8'},
    pairs: {type: 'string', default: '10'},
    duration: {type: 'string', default: '500ms'},
    delay: {type: 'string', default: '50'},
    slower: {type: 'string', default: '10'},
  },
})

interface JudgedMeasure {
  readonly name: string
  readonly judgement: string | null
  readonly detectablePercent: number | null
  readonly changePercent: number | null
}

const folder = mkdtempSync(join(tmpdir(), 'repbench-compare-'))
const profile = join(folder, 'steady.yaml')
// A closed loop cannot be late: with an open one a busy machine would leave runs out.
writeFileSync(profile, `rate: 0\nconns: 20\nmethod: set\nsizes: d32\nduration: ${values.duration}\n`)

/** One table: what was judged of each measure; none where the runs were too few. */
async function compare(ports: readonly [number, number]): Promise<readonly JudgedMeasure[]> {
  const servers = ports.flatMap(port => ['--server', `127.0.0.1:${port}`])
  const args = ['compare', ...servers, '--pairs', values.pairs, '--profile', profile, '--json']
  const child = spawn(process.execPath, [binPath, ...args], {
    env: {...process.env, XDG_STATE_HOME: folder},
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const [output] = await Promise.all([text(child.stdout), once(child, 'close')])
  if (child.exitCode !== 0) throw new Error(`Expected exit 0 of repbench compare, got ${child.exitCode}`)
  return JSON.parse(output).judgements[0].measures
}

const isChange = ({judgement}: JudgedMeasure) => judgement === 'better' || judgement === 'worse'
const delay = Number(values.delay)
const slow = delay * (1 + Number(values.slower) / 100)
const server = spawn(
  process.execPath,
  [fileURLToPath(new URL('delayed-server.ts', import.meta.url)), ...[delay, delay, slow].map(String)],
  {stdio: ['pipe', 'pipe', 'inherit']},
)
try {
  const [first, equal, slower] = JSON.parse(String((await once(server.stdout, 'data'))[0])) as [number, number, number]
  const kinds = [
    {kind: 'equal', ports: [first, equal] as const, tables: [] as (readonly JudgedMeasure[])[]},
    {kind: `${values.slower} % longer`, ports: [first, slower] as const, tables: [] as (readonly JudgedMeasure[])[]},
  ]
  for (let table = 1; table <= Number(values.tables); table++) {
    for (const {kind, ports, tables} of kinds) {
      const measures = await compare(ports)
      tables.push(measures)
      const said = measures.map(({name, judgement, changePercent}) => {
        return `${name} ${judgement ?? 'not judged'}${changePercent === null ? '' : ` ${changePercent.toFixed(1)} %`}`
      })
      process.stderr.write(`table ${table} of ${values.tables}, ${kind}: ${said.join(', ') || 'not judged'}\n`)
    }
  }
  const rows = kinds.map(({kind, tables}) => {
    const p50 = tables.flatMap(measures => measures.filter(({name}) => name === 'p50'))
    return [
      kind,
      tables.length,
      tables.filter(measures => measures.some(isChange)).length,
      p50.filter(({judgement}) => judgement === 'worse').length,
      tables.filter(measures => measures.some(({judgement}) => judgement === null) || measures.length === 0).length,
    ]
  })
  const header = ['servers', 'tables', 'any change called', 'p50 called worse', 'with a measure not judged']
  process.stdout.write(
    `${values.delay} ms, ${values.pairs} pairs of ${values.duration}\n\n${markdownTable([header, ...rows])}\n`,
  )
} finally {
  server.stdin.end()
  rmSync(folder, {recursive: true})
}
