import {expect} from 'vitest'
import {childrenOf, isAlive} from './processes.js'
import type {Terminal} from './tui-terminal.js'
import {waitFor} from './wait-for.js'

/** Every process below this one: nodes and the watchdog. */
export function descendantsOf(pid: number): number[] {
  return childrenOf(pid).flatMap(child => [child.pid, ...descendantsOf(child.pid)])
}

export async function expectGone(pids: readonly number[]): Promise<void> {
  await waitFor(() => expect(pids.filter(isAlive)).toEqual([]))
}

/** The terminal is as it was before. */
export function expectCleanTerminal(terminal: Terminal): void {
  expect(terminal.inAlternateScreen).toBe(false)
  expect(terminal.inBracketedPaste).toBe(false)
  expect(terminal.written.lastIndexOf('\u001B[?25h')).toBeGreaterThan(terminal.written.lastIndexOf('\u001B[?25l'))
}

/** The terminal is as it was before, and no child is left. */
export async function expectCleanEnd(terminal: Terminal, children: readonly number[], exitCode: number): Promise<void> {
  expect(await terminal.exit).toMatchObject({exitCode})
  expectCleanTerminal(terminal)
  await expectGone(children)
}
