import {execFileSync} from 'node:child_process'
import {readFileSync} from 'node:fs'

/**
 * When a running process was started, in the system's own notation; null where there is none (a zombie is none).
 * A pid is given to a new process some day; the pid together with this is not.
 */
export function processStart(pid: number): string | null {
  if (process.platform === 'linux') return startOnLinux(pid)
  try {
    const [state = '', ...start] = execFileSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], {encoding: 'utf8'})
      .trim()
      .split(/\s+/)
    return state === '' || state.startsWith('Z') ? null : start.join(' ')
  } catch {
    return null
  }
}

function startOnLinux(pid: number): string | null {
  try {
    // The name in brackets may hold anything, brackets and spaces too.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ')
    const [state] = fields
    if (state === 'Z' || state === 'X') return null
    // Field 22 of proc(5): clock ticks since the boot, which the boot's id completes.
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()} ${fields[19]}`
  } catch {
    return null
  }
}
