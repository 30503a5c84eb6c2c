import {type ChildProcess, spawn} from 'node:child_process'
import {once} from 'node:events'
import type {Readable} from 'node:stream'
import type {NodeExit} from '../node-api/cluster-node.js'
import type {ProcessCommand} from '../programs/process-args.js'

/** Longer lines of a node's output are cut. */
const LINE_MAX_CHARS = 2000

export interface ProcessListeners {
  /** As many as came at once, at least one. */
  onLines(lines: readonly string[]): void
  /** Called once, after the last line. */
  onExit(exit: NodeExit): void
}

/**
 * A child in a process group of its own: a terminal's Ctrl-C does not reach it,
 * and every signal also reaches the children of a wrapper script.
 */
export class SupervisedProcess {
  readonly pid: number
  /** Resolves when the process is gone and its output read. */
  readonly ended: Promise<NodeExit>
  #gone = false

  /** @throws the system's error (ENOENT, EACCES …) when the program cannot be started. */
  static async spawn({program, args}: ProcessCommand, listeners: ProcessListeners): Promise<SupervisedProcess> {
    const child = spawn(program, args, {detached: true, stdio: ['ignore', 'pipe', 'pipe']})
    if (child.pid === undefined) throw (await once(child, 'error'))[0]
    return new SupervisedProcess(child, child.pid, listeners)
  }

  private constructor(child: ChildProcess, pid: number, listeners: ProcessListeners) {
    this.pid = pid
    // A failed kill is reported here; the exit tells what matters.
    child.on('error', () => {})
    readLines(child.stdout, listeners)
    readLines(child.stderr, listeners)
    let exit: NodeExit | undefined
    child.once('exit', (code, signal) => {
      exit = {code, signal, atMs: Date.now()}
      // What a wrapper script leaves behind; it also holds our pipes open.
      this.signal('SIGKILL')
      this.#gone = true
    })
    this.ended = new Promise(resolve => {
      child.once('close', () => {
        const settled = exit ?? {code: child.exitCode, signal: child.signalCode, atMs: Date.now()}
        listeners.onExit(settled)
        resolve(settled)
      })
    })
  }

  /** Sends a signal to the whole group; false when it is gone. */
  signal(name: NodeJS.Signals): boolean {
    if (this.#gone) return false
    try {
      return process.kill(-this.pid, name)
    } catch {
      return false
    }
  }
}

function readLines(stream: Readable | null, {onLines}: ProcessListeners): void {
  if (stream === null) return
  const splitter = new LineSplitter()
  stream.setEncoding('utf8')
  stream.on('data', (text: string) => {
    const lines = splitter.push(text)
    if (lines.length > 0) onLines(lines)
  })
  stream.on('end', () => {
    const last = splitter.flush()
    if (last !== '') onLines([last])
  })
}

/** Cuts text that arrives in pieces into lines; an endless line is cut at 2000 characters. */
export class LineSplitter {
  #rest = ''

  push(text: string): string[] {
    const lines = (this.#rest + text).split(/\r?\n/)
    this.#rest = lines.pop() ?? ''
    if (this.#rest.length > LINE_MAX_CHARS) lines.push(this.flush())
    return lines.map(beginningOf)
  }

  /** The last line when it has no line end. */
  flush(): string {
    const rest = this.#rest
    this.#rest = ''
    return beginningOf(rest)
  }
}

/** A copy, where it is cut: a slice would keep all of the text in memory for as long as the line is kept. */
function beginningOf(line: string): string {
  if (line.length <= LINE_MAX_CHARS) return line
  return Buffer.from(line.slice(0, LINE_MAX_CHARS), 'utf16le').toString('utf16le')
}
