import {RepbenchError} from '../../protocol/errors.js'
import type {NodeExit} from './cluster-node.js'

/** A node that did not come up. `lastLines` are the newest of its log, oldest first. */
export class NodeStartError extends RepbenchError {
  readonly node: string
  readonly exit: NodeExit | null
  readonly lastLines: readonly string[]

  constructor({node, problem, exit = null, lastLines = [], cause}: NodeStartFailure) {
    const log = lastLines.length > 0 ? `; its last log lines: ${lastLines.join(' | ')}` : ''
    super('ERR_NODE_START', `Expected ${node} to start, got ${problem}${log}`, {cause})
    this.node = node
    this.exit = exit
    this.lastLines = lastLines
  }
}

interface NodeStartFailure {
  node: string
  /** What happened, as the end of "Expected … to start, got …". */
  problem: string
  exit?: NodeExit | null
  lastLines?: readonly string[]
  cause?: unknown
}

/** The operation does not fit the state that the node is in. */
export class NodeStateError extends RepbenchError {
  constructor(message: string) {
    super('ERR_NODE_STATE', message)
  }
}

/** An address that a node cannot listen on. */
export class PortError extends RepbenchError {
  constructor(code: 'ERR_PORT_IN_USE' | 'ERR_ADDRESS_UNAVAILABLE', message: string, options?: {cause?: unknown}) {
    super(code, message, options)
  }
}

/** A program that has to be installed first: a missing prerequisite, exit 2 at the command line. */
export class ProgramMissingError extends RepbenchError {
  constructor(message: string, options?: {cause?: unknown}) {
    super('ERR_PROGRAM_MISSING', message, options)
  }
}

/** A limit of the system that a node would run into: a missing prerequisite, exit 2 at the command line. */
export class OpenFilesError extends RepbenchError {
  constructor(message: string) {
    super('ERR_OPEN_FILE_LIMIT', message)
  }
}

/** A topology that does not exist, or cannot be had that way: wrong usage, exit 2 at the command line. */
export class TopologyError extends RepbenchError {
  constructor(message: string) {
    super('ERR_TOPOLOGY', message)
  }
}
