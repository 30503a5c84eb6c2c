import {setTimeout as delay} from 'node:timers/promises'
import {cleanLeftovers, type KeptProcess, readStateFiles} from '../../../server/process/state-file.js'
import {processStart} from '../../../server/system/process-start.js'
import type {CheckResult} from './check.js'

const GONE_WITHIN_MS = 5000
const LOOK_EVERY_MS = 10

/** Nodes whose repbench has crashed together with its watchdog; `clean` kills them. */
export async function checkLeftovers({env, clean}: {env: NodeJS.ProcessEnv; clean: boolean}): Promise<CheckResult> {
  const states = await readStateFiles(env)
  const running = states.filter(({ownerRuns}) => ownerRuns)
  const crashed = states.filter(({ownerRuns}) => !ownerRuns)
  const leftovers = crashed.flatMap(({processes}) => processes)
  const cleaned = clean ? crashed.flatMap(cleanLeftovers) : []
  for (const process of cleaned) await untilGone(process)
  const facts = {leftovers, cleaned, running: running.map(({ownerPid, processes}) => ({pid: ownerPid, processes}))}
  const others = running.map(
    ({ownerPid, processes}) => `repbench (pid ${ownerPid}) runs ${processes.map(({name}) => name).join(', ')}`,
  )
  const common = {name: 'leftovers', facts}
  if (leftovers.length === 0) return {...common, status: 'ok', found: ['none', ...others].join('; '), advice: null}
  const list = leftovers.map(({name, pid, commandLine}) => `${name} (pid ${pid}): ${commandLine}`).join('; ')
  return clean
    ? {...common, status: 'ok', found: `killed ${cleaned.length} of ${leftovers.length}: ${list}`, advice: null}
    : {
        ...common,
        status: 'note',
        found: `${leftovers.length} of a crashed repbench: ${list}`,
        advice: 'They hold ports and memory. Kill them: repbench doctor --clean',
      }
}

/** Polled: they are not our children, so no event tells of their end. */
async function untilGone({pid, start}: KeptProcess): Promise<void> {
  const until = performance.now() + GONE_WITHIN_MS
  while (processStart(pid) === start && performance.now() < until) await delay(LOOK_EVERY_MS)
}
