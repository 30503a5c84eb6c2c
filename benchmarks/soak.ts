import {readFileSync} from 'node:fs'
import {setTimeout as wait} from 'node:timers/promises'
import {binPath, startPinned} from './processes.ts'
import {markdownTable} from './statistics.ts'

const CONNECTIONS = 50
const SAMPLE_MS = 1000
/** What the first tenth of a run still fills: compiled code, buffers, the heap's first size. */
const SETTLED_SHARE = 0.1

/** Resident memory of a whole `repbench load` process over so many operations (Linux). */
export async function soak({operations, port, core}: {operations: number; port: number; core: number}): Promise<void> {
  const what = ['--mix', 'set:1,get:1', '--sizes', 'u32,1024', '--keys', 100_000, '--pipeline', 16, '--verify']
  const length = ['--conns', CONNECTIONS, '--calls', Math.ceil(operations / CONNECTIONS)]
  const args = [binPath, 'load', '--rate', '0', '--threads', '1', '--server', `127.0.0.1:${port}`, ...what, ...length]
  const child = startPinned({core, program: process.execPath, args: args.map(String)})
  child.stdout?.resume()
  child.stderr?.resume()
  const megabytes: number[] = []
  while (child.exitCode === null && child.signalCode === null) {
    await wait(SAMPLE_MS)
    const resident = residentMegabytes(child.pid!)
    if (resident !== null) megabytes.push(resident)
  }
  const settled = megabytes.slice(Math.ceil(megabytes.length * SETTLED_SHARE))
  const header = ['operations', 'seconds', 'MB after a tenth', 'MB at most', 'MB at the end', 'exit']
  const row = [operations, megabytes.length, settled[0] ?? '–', Math.max(...settled), settled.at(-1) ?? '–']
  process.stdout.write(`${markdownTable([header, [...row, child.exitCode ?? child.signalCode ?? '–']])}\n`)
}

function residentMegabytes(pid: number): number | null {
  try {
    const kilobytes = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
    return kilobytes === undefined ? null : Math.round(Number(kilobytes) / 1024)
  } catch {
    return null
  }
}
