import {parentPort} from 'node:worker_threads'
import {assertNever} from '../../protocol/errors.js'
import {ConsoleSession} from '../../telnet/session.js'
import type {FromConsoleThread, ToConsoleThread} from './messages.js'

// A long reply is many changes: several of them go out as one view.
const POST_INTERVAL_MS = 10

const sessions = new Map<number, ConsoleSession>()
const changed = new Set<number>()
let timer: NodeJS.Timeout | undefined

parentPort?.on('message', (message: ToConsoleThread) => {
  const {session} = message
  switch (message.type) {
    case 'open':
      sessions.set(session, new ConsoleSession({address: message.address, onChange: () => postSoon(session)}))
      break
    case 'send':
      sessions.get(session)?.send(message.line)
      break
    case 'close':
      sessions.get(session)?.close()
      sessions.delete(session)
      break
    default:
      assertNever(message)
  }
})

function postSoon(session: number): void {
  changed.add(session)
  if (timer !== undefined) return
  timer = setTimeout(() => {
    timer = undefined
    for (const id of changed) post(id)
    changed.clear()
  }, POST_INTERVAL_MS)
}

function post(id: number): void {
  const session = sessions.get(id)
  if (session === undefined) return
  const view = {
    state: session.state(),
    entries: session.entries(),
    dataBytesExpected: session.dataBytesExpected(),
  }
  parentPort?.postMessage({session: id, view} satisfies FromConsoleThread)
}
