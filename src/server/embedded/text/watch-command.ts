import type {CommandLine} from '../../../protocol/text/command-line.js'
import type {NodeContext} from '../node/node-context.js'
import {type WatcherSocket, type WatchTopic, watchTopics} from '../node/watchers.js'

/** `end` ends the watching, when the connection is gone. */
export type WatchOutcome =
  | {readonly type: 'watching'; readonly end: () => void}
  | {readonly type: 'refused'; readonly answer: string}

const refused = (answer: string): WatchOutcome => ({type: 'refused', answer})

/** `watch <topic>*`: from now on the connection gets the lines of these topics, and gives no commands. */
export function beginWatch(
  {personality, settings, watchers}: NodeContext,
  line: CommandLine,
  socket: WatcherSocket,
): WatchOutcome {
  if (!personality.watches) return refused('ERROR')
  if (!settings.watchEnabled) return refused('CLIENT_ERROR watch commands not allowed')
  if (socket.hasUnsentReplies) return refused('ERROR cannot pipeline other commands before watch')
  const topics = readTopics(line)
  if (topics === null) return refused('ERROR')
  const end = watchers.add(socket, topics)
  return end === null ? refused('WATCHER_TOO_MANY log watcher limit reached') : {type: 'watching', end}
}

/** The topics as bits; `fetchers` when none is named, null when one does not exist. */
function readTopics(line: CommandLine): number | null {
  if (line.count === 1) return watchTopics.fetchers
  let topics = 0
  for (let word = 1; word < line.count; word++) {
    const text = line.text(word)
    if (!Object.hasOwn(watchTopics, text)) return null
    topics |= watchTopics[text as WatchTopic]
  }
  return topics
}
