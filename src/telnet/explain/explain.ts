import {errorTable} from './error-table.js'
import type {Explanation} from './explanation.js'
import {metaReplyTable, replyTable} from './reply-table.js'
import {sessionTable} from './session-table.js'
import {statsTable} from './stats-table.js'

const received = [...replyTable, ...metaReplyTable, ...errorTable, ...statsTable]

/** What a line from the node means; null for what is data. */
export function explainReply(line: string): Explanation | null {
  return received.find(({pattern}) => pattern.test(line)) ?? null
}

/** What a line of the console's own means. */
export function explainNotice(line: string): Explanation | null {
  return sessionTable.find(({pattern}) => pattern.test(line)) ?? null
}
