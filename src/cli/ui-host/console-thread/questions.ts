import {messageOf} from '../../../protocol/errors.js'
import {readRegularFile} from '../../../server/system/regular-file.js'
import {checkKey, describeKeyCheck} from '../../../telnet/keys/check-key.js'
import {planReplay} from '../../../telnet/replay/replay-plan.js'
import {describeReplayed, isAsBefore, summarizeReplay} from '../../../telnet/replay/replay-report.js'
import {runReplay} from '../../../telnet/replay/run-replay.js'
import {readTranscript} from '../../../telnet/transcript/transcript-file.js'
import type {ArrivalNotes} from './arrival-notes.js'
import type {Answer, Question} from './messages.js'
import type {OpenSession} from './open-session.js'

const TRANSCRIPT_MAX_BYTES = 64 * 1024 * 1024

/** Answers a question by these sessions, and notes the answer in each of them. */
export async function answerQuestion(
  question: Question,
  sessions: readonly OpenSession[],
  arrivals: ArrivalNotes,
): Promise<Answer> {
  try {
    switch (question.type) {
      case 'checkKey':
        return await check(question.key, sessions, arrivals)
      case 'replay':
        return await replay(question.file, sessions)
    }
  } catch (error) {
    return {error: messageOf(error)}
  }
}

async function check(key: string, sessions: readonly OpenSession[], arrivals: ArrivalNotes): Promise<Answer> {
  const outcome = await checkKey({key, nodes: sessions}, arrivals.reader)
  const text = describeKeyCheck(outcome, arrivals.lagMs(key))
  const [kind, mark] = outcome.same ? (['good', '✓'] as const) : (['bad', '✗'] as const)
  for (const {session} of sessions) session.note(kind, `${mark} ${text}`)
  return {text, good: outcome.same}
}

async function replay(file: string, sessions: readonly OpenSession[]): Promise<Answer> {
  const [first] = sessions
  if (first === undefined) return {error: 'Expected a session to replay in, got none'}
  const steps = planReplay(readTranscript(readRegularFile(file, {maxBytes: TRANSCRIPT_MAX_BYTES})), first.name)
  const named = sessionsOf([...new Set(steps.map(({node}) => node))], sessions)
  if (named === null) return {error: `Expected a session for each node of ${file}, got ${sessions.length}`}
  const replayed = await runReplay({
    steps,
    sessions: new Map(Array.from(named, ([name, {session}]) => [name, session])),
    signal: new AbortController().signal,
    onStep: step => {
      const kind = step.same === false ? 'bad' : 'good'
      for (const line of describeReplayed(step)) named.get(step.step.node)?.session.note(kind, line)
    },
  })
  return {text: summarizeReplay(replayed), good: isAsBefore(replayed)}
}

/** Sessions by node name; a name without a session gets the next session that is left over. */
function sessionsOf(names: readonly string[], sessions: readonly OpenSession[]): Map<string, OpenSession> | null {
  const rest = sessions.filter(({name}) => !names.includes(name))
  const named = new Map<string, OpenSession>()
  for (const name of names) {
    const session = sessions.find(candidate => candidate.name === name) ?? rest.shift()
    if (session === undefined) return null
    named.set(name, session)
  }
  return named
}
