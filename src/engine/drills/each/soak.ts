import {messageOf} from '../../../protocol/errors.js'
import {type Drill, type DrillTools, recoveredPair, type SoakFault} from '../contract/drill.js'
import {soakFaults} from './soak-faults.js'
import {drawFaults} from './soak-sequence.js'

/** Where the operator says neither how many nor for how long. */
const USUAL_FAULTS = 5

export const soak: Drill = {
  name: 'soak',
  summary:
    'one fault after the other, drawn from the seed: kills, stops and freezes of either node, a cut or slow link',
  needs: ['control'],
  wants: ['link'],
  isSoak: true,
  undoes: true,
  async fault(tools) {
    const {cluster, holdMs, random, extent, record, say, sleep} = tools
    const kinds = soakFaults(cluster)
    say(`draws from ${kinds.map(({name}) => name).join(', ')}`)
    const goesOn = untilEnough(extent)
    for (const drawn of drawFaults({names: kinds.map(({name}) => name), holdMs, random})) {
      if (!goesOn(drawn.number)) return
      const fault = await inject(tools, drawn)
      record(fault)
      if (fault.wholeAfterMs === null) return
      await sleep(drawn.pauseMs)
    }
  },
  async recover() {},
  budgets: ['rpo<1s', ...recoveredPair],
  advice:
    'The fault that is named last is the one after which the pair was not whole again; the drill of its name says what to do.',
}

function untilEnough({durationMs, faults}: DrillTools['extent']): (number: number) => boolean {
  const limitMs = durationMs === null ? Number.POSITIVE_INFINITY : performance.now() + durationMs
  const most = faults ?? (durationMs === null ? USUAL_FAULTS : Number.POSITIVE_INFINITY)
  return number => number <= most && performance.now() < limitMs
}

type Drawn = Pick<SoakFault, 'number' | 'fault' | 'holdMs' | 'pauseMs'>

async function inject(tools: DrillTools, drawn: Drawn): Promise<SoakFault> {
  const {cluster, say, now, signal, untilWhole} = tools
  const {number, fault: name, holdMs, pauseMs} = drawn
  const t = now()
  say(`fault ${number}: ${name} for ${holdMs} ms, then ${pauseMs} ms of peace`)
  try {
    await soakFaults(cluster)
      .find(kind => kind.name === name)!
      .run(tools, holdMs)
  } catch (error) {
    signal.throwIfAborted()
    const problem = messageOf(error)
    return {...drawn, t, wholeAfterMs: null, problem}
  }
  const wholeAfterMs = await untilWhole()
  if (wholeAfterMs === null) say(`the pair is not whole again after fault ${number}, ${name}`)
  return {...drawn, t, wholeAfterMs, problem: null}
}
