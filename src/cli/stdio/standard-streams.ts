import {Socket, type SocketConstructorOpts} from 'node:net'
import type {ReadStream, WriteStream} from 'node:tty'
import {type Descriptor, describeDescriptor, openOwnPipe} from './descriptor.js'
import {OutputStream} from './output-stream.js'
import {type Output, Outputs} from './outputs.js'
import {openSink} from './sink.js'
import {TerminalOutput} from './terminal-output.js'

/**
 * Puts our own streams in place of process.stdin, stdout and stderr. Node.js makes the pipes and sockets of its own
 * non-blocking, for every program that shares them: one that prints beside us then fails with EAGAIN. It does so when
 * a stream is first asked for, also by the console and by each worker thread; so whoever asks from now on gets ours.
 * To be called before anybody asks, and before node:process is imported, which asks for all that it exports.
 */
export function installStandardStreams(): Outputs {
  const [first, second] = [describeDescriptor(1), describeDescriptor(2)]
  const stdout = openOutput(1, first)
  // What goes to one file keeps its order, also where it has to wait.
  const isShared = first.kind !== 'terminal' && first.file === second.file
  const stderr = isShared ? stdout : openOutput(2, second)
  let stdin: ReadStream | undefined
  replace('stdout', () => stdout.stream)
  replace('stderr', () => stderr.stream)
  const nodeStdin = Object.getOwnPropertyDescriptor(process, 'stdin')!
  replace('stdin', () => {
    stdin ??= openInput() ?? (nodeStdin.get!.call(process) as ReadStream)
    return stdin
  })
  return new Outputs({stdout, stderr})
}

function openOutput(fd: 1 | 2, descriptor: Descriptor): Output {
  if (descriptor.kind === 'terminal') return new TerminalOutput(fd === 1 ? process.stdout : process.stderr)
  return new OutputStream({fd, sink: openSink(fd, descriptor)})
}

/** null: as Node.js opens it. A socket there cannot be read without becoming non-blocking. */
function openInput(): ReadStream | null {
  if (describeDescriptor(0).kind !== 'pipe') return null
  const fd = openOwnPipe(0, 'read')
  if (fd === null) return null
  // Nothing is read before somebody wants it: what is left is for the next program.
  const options: SocketConstructorOpts & {manualStart: true} = {fd, readable: true, writable: false, manualStart: true}
  return new Socket(options) as unknown as ReadStream
}

function replace(name: 'stdin' | 'stdout' | 'stderr', get: () => ReadStream | WriteStream): void {
  Object.defineProperty(process, name, {configurable: true, enumerable: true, get})
}
