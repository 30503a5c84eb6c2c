import type {AskConnection} from './ask-connection.js'
import {AskError} from './ask-error.js'
import type {Answer, Question} from './question.js'

/** A whole reply, kept: its size is bounded by the limits of the connection. */
export interface TextReply extends Answer {
  /** Every line but those of data blocks, as latin1. */
  readonly lines: readonly string[]
  /** The data blocks, one after the other, as latin1. */
  readonly data: string
}

/** A question whose reply is kept. */
function textQuestion(
  request: string,
  settle: (outcome: TextReply | AskError) => void,
  parts: Pick<Question, 'expected' | 'limits'> = {},
): Question {
  const lines: string[] = []
  let data = ''
  return {
    request,
    ...parts,
    reader: {
      onLine: line => lines.push(latin1Of(line)),
      onData: (bytes, start, end) => {
        data += latin1Of(bytes.subarray(start, end))
      },
    },
    settle: outcome => settle(outcome instanceof AskError ? outcome : {...outcome, lines, data}),
  }
}

/** The reply to one command line. @throws AskError */
export function askText(
  connection: AskConnection,
  command: string,
  parts: Pick<Question, 'expected' | 'limits'> = {},
): Promise<TextReply> {
  return new Promise((resolve, reject) => {
    const settle = (outcome: TextReply | AskError): void =>
      outcome instanceof AskError ? reject(outcome) : resolve(outcome)
    connection.send(textQuestion(`${command}\r\n`, settle, parts))
  })
}

function latin1Of(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1')
}
