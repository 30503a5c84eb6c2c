import type {Drill} from '../contract/drill.js'
import {calm} from './calm.js'
import {concurrentWriters} from './concurrent-writers.js'
import {cutLink} from './cut-link.js'
import {freezeMaster} from './freeze-master.js'
import {freezeSlave} from './freeze-slave.js'
import {killDuringFullSync} from './kill-during-full-sync.js'
import {killMaster} from './kill-master.js'
import {killMasterInBurst} from './kill-master-in-burst.js'
import {killSlave} from './kill-slave.js'
import {memoryUnequal} from './memory-unequal.js'
import {overflow} from './overflow.js'
import {restartBoth} from './restart-both.js'
import {rollingRestart} from './rolling-restart.js'
import {simultaneousStart} from './simultaneous-start.js'
import {slowLink} from './slow-link.js'
import {soak} from './soak.js'
import {termMaster} from './term-master.js'
import {thirdProcess} from './third-process.js'
import {writeBurst} from './write-burst.js'

/** Every drill, in the order in which lists show them. */
export const drills: readonly Drill[] = [
  calm,
  killMaster,
  killMasterInBurst,
  killSlave,
  termMaster,
  freezeSlave,
  freezeMaster,
  restartBoth,
  rollingRestart,
  writeBurst,
  overflow,
  thirdProcess,
  simultaneousStart,
  killDuringFullSync,
  cutLink,
  slowLink,
  memoryUnequal,
  concurrentWriters,
  soak,
]
