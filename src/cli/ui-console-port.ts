import {appendFileSync, mkdirSync} from 'node:fs'
import {readFile, writeFile} from 'node:fs/promises'
import {dirname, join} from 'node:path'
import {stateDirectory} from '../server/state-directory.js'
import type {SavedSession} from '../telnet/transcript-file.js'
import type {ConsolePort, LineHistory} from '../ui/console-port.js'
import type {ConsoleThread} from './console-thread/console-thread.js'
import {saveText} from './save-text.js'

const HISTORY_LINES = 200

/** The console sessions as the UI sees them, with the files that they leave. */
export function createConsolePort(thread: ConsoleThread, env: NodeJS.ProcessEnv): ConsolePort {
  return {
    open: options => thread.open(options),
    checkKey: options => thread.checkKey(options),
    replay: options => thread.replay(options),
    save: saveTranscript,
    history: lineHistory(join(stateDirectory(env), 'console-history')),
  }
}

async function saveTranscript(sessions: readonly SavedSession[]): Promise<string> {
  const {formatTranscript} = await import('../telnet/transcript-file.js')
  return saveText({name: 'console', text: formatTranscript(sessions)})
}

/** What is typed may hold secrets, so the file is its owner's alone. A history that cannot be kept is none. */
function lineHistory(file: string): LineHistory {
  return {
    async load() {
      const text = await readFile(file, 'utf8').catch(() => '')
      const lines = text
        .split('\n')
        .filter(line => line !== '')
        .slice(-HISTORY_LINES)
      // Cut here, so that it does not grow for ever.
      if (text.length > 100_000) await writeFile(file, `${lines.join('\n')}\n`, {mode: 0o600}).catch(() => {})
      return lines
    },
    add(line) {
      try {
        mkdirSync(dirname(file), {recursive: true})
        appendFileSync(file, `${line}\n`, {mode: 0o600})
      } catch {}
    },
  }
}
