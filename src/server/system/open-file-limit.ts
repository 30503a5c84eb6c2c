import {execFileSync} from 'node:child_process'
import {readFileSync} from 'node:fs'

/** How many files (and so connections) a process may have open. */
export interface OpenFileLimit {
  readonly soft: number
  /** As far as a process may raise it by itself. */
  readonly hard: number
}

/** The limit of this process and of what it starts; null where the system doesn't tell. */
export function readOpenFileLimit(): OpenFileLimit | null {
  try {
    const [, soft, hard] =
      process.platform === 'linux'
        ? (/^Max open files\s+(\S+)\s+(\S+)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? [])
        : ['', ...execFileSync('/bin/sh', ['-c', 'ulimit -Sn; ulimit -Hn'], {encoding: 'utf8'}).split('\n')]
    return soft === undefined || hard === undefined ? null : {soft: toNumber(soft), hard: toNumber(hard)}
  } catch {
    return null
  }
}

function toNumber(text: string): number {
  return text === 'unlimited' ? Number.POSITIVE_INFINITY : Number(text)
}
