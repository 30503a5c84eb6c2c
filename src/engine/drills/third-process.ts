import type {Drill} from './drill.js'

export const thirdProcess: Drill = {
  name: 'third-process',
  summary: 'start a third process on the pair’s replication port, then kill the master and start it again',
  needs: ['third'],
  async fault({cluster, say, sleep, mark, holdMs}) {
    say('start a third process with the same replication port')
    const third = await cluster.startThird()
    await sleep(Math.min(1000, holdMs))
    say(`kill -9 ${cluster.master.name} while ${third.name} holds the port`)
    mark()
    await cluster.master.kill()
  },
  async recover({cluster, sleep, say, holdMs}) {
    await sleep(holdMs)
    say(`start ${cluster.master.name} again`)
    await cluster.master.start()
  },
  budgets: ['rto<5s', 'paired', 'diverged==0', 'corrupt==0', 'phantom==0', 'resurrected==0'],
  advice:
    'Stop the third process, then restart the survivor’s partner. Never let another program use the replication port of a pair.',
}
