import {parentPort} from 'node:worker_threads'
import {assertNever} from '../../../protocol/errors.js'
import {ConsoleSession} from '../../../telnet/session/session.js'
import {ArrivalNotes} from './arrival-notes.js'
import type {FromConsoleThread, ToConsoleThread} from './messages.js'
import type {OpenSession} from './open-session.js'
import {answerQuestion} from './questions.js'

// A long reply is many changes: several of them go out as one view.
const POST_INTERVAL_MS = 10

const sessions = new Map<number, OpenSession>()
const changed = new Set<number>()
/** Sessions whose last view is still in transit: an endless reply must not fill the UI's memory. */
const unseen = new Set<number>()
/** Lines since the last view that was seen. */
const unseenLines = new Map<number, number>()
/** Beyond so many unseen lines, a node is read no faster than its lines are shown. */
const UNSEEN_LINES_MOST = 1000
/** Pause for the UI to draw that many lines. */
const BREATH_MS = 500
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
      unseen.delete(message.session)
      unseenLines.delete(message.session)
      break
    case 'seen':
      seen(message.session)
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
    onChange: fresh => {
      const lines = (unseenLines.get(id) ?? 0) + fresh.length
      unseenLines.set(id, lines)
      if (lines > UNSEEN_LINES_MOST) session.pause()
      postSoon(id)
    },
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

function seen(session: number): void {
  unseen.delete(session)
  const isPaused = (unseenLines.get(session) ?? 0) > UNSEEN_LINES_MOST
  unseenLines.delete(session)
  if (isPaused) setTimeout(() => sessions.get(session)?.session.resume(), BREATH_MS)
  if (changed.has(session)) postSoon(session)
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
    for (const id of changed) {
      if (unseen.has(id)) continue
      changed.delete(id)
      postView(id)
    }
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
  unseen.add(id)
  post({type: 'view', session: id, view})
}

function post(message: FromConsoleThread): void {
  parentPort?.postMessage(message)
}
