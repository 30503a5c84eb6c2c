// The helper behind watchdog.ts: reads `+PID` and `-PID` lines, and kills what is left when its stdin ends,
// which the kernel brings about however the parent dies. Then removes the file of its argument, which named them.
// Imports nothing of ours: it must start fast and stay small.

import {rmSync} from 'node:fs'

const pids = new Set<number>()
let rest = ''

// Only the end of stdin ends it.
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => {})

process.stdin.setEncoding('utf8')
process.stdin.on('data', (text: string) => {
  const lines = (rest + text).split('\n')
  rest = lines.pop() ?? ''
  for (const line of lines) {
    const pid = Number(line.slice(1))
    // Never 0 or 1: kill(-1) means every process there is.
    if (!Number.isInteger(pid) || pid < 2) continue
    if (line.startsWith('+')) pids.add(pid)
    else pids.delete(pid)
  }
})
process.stdin.on('end', killAll)
process.stdin.on('error', killAll)

function killAll(): void {
  for (const pid of pids) {
    try {
      process.kill(-pid, 'SIGKILL')
    } catch {
      // Gone already.
    }
  }
  for (const file of process.argv.slice(2)) {
    try {
      rmSync(file, {force: true})
    } catch {
      // `repbench doctor` finds that nothing of it runs.
    }
  }
  process.exit(0)
}
