import {join} from 'node:path'
import {appendPrivateFile, makePrivateDirectory, writePrivateFile} from '../../server/system/private-files.js'
import {readRegularFile} from '../../server/system/regular-file.js'
import {stateDirectory} from '../../server/system/state-directory.js'
import type {SavedSession} from '../../telnet/transcript/transcript-file.js'
import type {ConsolePort, LineHistory} from '../../ui/ports/console-port.js'
import {saveText} from '../files/save-text.js'
import type {ConsoleThread} from './console-thread/console-thread.js'

const HISTORY_LINES = 200
const CUT_CHARS = 100_000
const MAX_BYTES = 16 * 1024 * 1024

/** The console sessions as the UI sees them, with the files that they leave. */
export function createConsolePort(thread: ConsoleThread, env: NodeJS.ProcessEnv): ConsolePort {
  return {
    open: options => thread.open(options),
    checkKey: options => thread.checkKey(options),
    replay: options => thread.replay(options),
    save: saveTranscript,
    history: lineHistory(stateDirectory(env)),
  }
}

async function saveTranscript(sessions: readonly SavedSession[]): Promise<string> {
  const {formatTranscript} = await import('../../telnet/transcript/transcript-file.js')
  return saveText({name: 'console', text: formatTranscript(sessions)})
}

/** Lines typed before. They may hold secrets, so the file is private. Errors are ignored: no history then. */
function lineHistory(directory: string): LineHistory {
  const file = join(directory, 'console-history')
  return {
    async load() {
      const text = readKept(file)
      const lines = text
        .split('\n')
        .filter(line => line !== '')
        .slice(-HISTORY_LINES)
      // Cut here, so that it does not grow for ever.
      if (text.length > CUT_CHARS) quietly(() => writePrivateFile(file, `${lines.join('\n')}\n`))
      return lines
    },
    add(line) {
      quietly(() => {
        makePrivateDirectory(directory)
        appendPrivateFile(file, `${line}\n`)
      })
    },
  }
}

function readKept(file: string): string {
  try {
    return readRegularFile(file, {maxBytes: MAX_BYTES})
  } catch {
    return ''
  }
}

function quietly(write: () => void): void {
  try {
    write()
  } catch {}
}
