import {execFileSync} from 'node:child_process'
import {readdirSync, readFileSync} from 'node:fs'

/** Whether a process runs (a zombie does not). */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch {
    return false
  }
  return stateOf(pid) !== 'Z'
}

export interface ChildEntry {
  readonly pid: number
  readonly commandLine: string
}

/** The running children of a process. */
export function childrenOf(pid: number): ChildEntry[] {
  const table = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,args='], {encoding: 'utf8'})
  return table
    .trim()
    .split('\n')
    .map(line => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [])
    .filter(([, , parent, commandLine]) => Number(parent) === pid && !commandLine?.startsWith('ps '))
    .map(([, child, , commandLine]) => ({pid: Number(child), commandLine: commandLine ?? ''}))
}

/** Descriptors that this process has open (Linux), else 0. */
export function openDescriptors(): number {
  try {
    return readdirSync('/proc/self/fd').length
  } catch {
    return 0
  }
}

function stateOf(pid: number): string {
  try {
    return /\) (\S)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1] ?? '?'
  } catch {
    return '?'
  }
}

/** Whether a process handles a signal (Linux); elsewhere it is taken for granted. */
export function catchesSignal(pid: number, number: number): boolean {
  try {
    const mask = /SigCgt:\s*(\w+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? '0'
    return ((BigInt(`0x${mask}`) >> BigInt(number - 1)) & 1n) === 1n
  } catch {
    return true
  }
}
