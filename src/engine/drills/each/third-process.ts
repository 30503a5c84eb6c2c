import {type Drill, FaultNotInjectedError, recoveredPair} from '../contract/drill.js'

const LISTEN_LIMIT_MS = 5000

export const thirdProcess: Drill = {
  name: 'third-process',
  summary: 'start a third process on the pair’s replication port, then kill the master and start it again',
  needs: ['control', 'third'],
  async fault({cluster, clock, journal}) {
    journal.say('start a third process with the same replication port')
    const third = await cluster.startThird()
    if (!(await clock.until(() => third.status().link === 'listening', LISTEN_LIMIT_MS))) {
      throw new FaultNotInjectedError(
        `Expected a third process listening on the replication port, got one that is ${third.status().link}`,
      )
    }
    await clock.sleep(Math.min(1000, clock.holdMs))
    journal.say(`kill -9 ${cluster.master.name} while ${third.name} holds the port`)
    clock.mark()
    await cluster.master.kill()
  },
  async recover({cluster, journal}) {
    journal.say(`start ${cluster.master.name}`)
    await cluster.master.start()
  },
  assertions: ['rto<5s', 'rpo<1s', ...recoveredPair],
  advice:
    'Stop the third process, then restart the survivor’s partner. Never let another program use the replication port of a pair.',
}
