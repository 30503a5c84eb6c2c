import type {RegisterCommand} from '../context.js'
import {registerBaseline} from './baseline.js'
import {registerCompare} from './compare.js'
import {registerConsole} from './console.js'
import {registerDiff} from './diff.js'
import {registerDoctor} from './doctor.js'
import {registerDrill} from './drill.js'
import {registerLoad} from './load.js'
import {registerMcperf} from './mcperf.js'
import {registerMemslap} from './memslap.js'
import {registerNode} from './node.js'
import {registerProfiles} from './profiles.js'
import {registerRuns} from './runs.js'
import {registerTop} from './top.js'
import {registerTui} from './tui.js'
import {registerUp} from './up.js'
import {registerVerify} from './verify.js'

/** Every subcommand, in the order in which the help lists them. */
export const commands: readonly RegisterCommand[] = [
  registerTui,
  registerUp,
  registerLoad,
  registerMcperf,
  registerMemslap,
  registerProfiles,
  registerRuns,
  registerCompare,
  registerBaseline,
  registerVerify,
  registerDiff,
  registerDrill,
  registerTop,
  registerConsole,
  registerNode,
  registerDoctor,
]
