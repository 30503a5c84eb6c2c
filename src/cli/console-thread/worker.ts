import {parentPort} from 'node:worker_threads'
import {assertNever} from '../../protocol/errors.js'
import {ConsoleSession} from '../../telnet/session.js'
import {ArrivalNotes} from './arrival-notes.js'
import type {FromConsoleThread, ToConsoleThread} from './messages.js'
import type {OpenSession} from './open-session.js'
import {answerQuestion} from './questions.js'

// A long reply is many changes: several of them go out as one view.
const POST_INTERVAL_MS = 10

const sessions = new Map<number, OpenSession>()
const changed = new Set<number>()
const arrivals = new ArrivalNotes(() => [...sessions.values()])
let timer: NodeJS.Timeout | undefined

parentPort?.on('message', (message: ToConsoleThread) => {
  switch (message.type) {
    case 'open':
      open(message)
      break
    case 'send':
      send(message)
      break
    case 'end':
      sessions.get(message.session)?.session.close()
      break
    case 'close':
      sessions.get(message.session)?.session.close()
      sessions.delete(message.session)
      break
    case 'ask':
      void answer(message)
      break
    default:
      assertNever(message)
  }
})

function open({session: id, ...target}: Extract<ToConsoleThread, {type: 'open'}>): void {
  const session = new ConsoleSession({
    address: target.address,
    onChange: () => postSoon(id),
    onReply: reply => arrivals.replied(opened, reply),
  })
  const opened: OpenSession = {...target, session}
  sessions.set(id, opened)
}

function send({session: id, line}: Extract<ToConsoleThread, {type: 'send'}>): void {
  const opened = sessions.get(id)
  if (opened === undefined) return
  arrivals.typed(opened)
  opened.session.send(line)
}

async function answer({id, question}: Extract<ToConsoleThread, {type: 'ask'}>): Promise<void> {
  const asked = question.sessions.flatMap(session => sessions.get(session) ?? [])
  post({type: 'answer', id, answer: await answerQuestion(question, asked, arrivals)})
}

function postSoon(session: number): void {
  changed.add(session)
  if (timer !== undefined) return
  timer = setTimeout(() => {
    timer = undefined
    for (const id of changed) postView(id)
    changed.clear()
  }, POST_INTERVAL_MS)
}

function postView(id: number): void {
  const session = sessions.get(id)?.session
  if (session === undefined) return
  const view = {
    state: session.state(),
    entries: session.entries(),
    dataBytesExpected: session.dataBytesExpected(),
  }
  post({type: 'view', session: id, view})
}

function post(message: FromConsoleThread): void {
  parentPort?.postMessage(message)
}
