import type {Drill} from './drill.js'

export const simultaneousStart: Drill = {
  name: 'simultaneous-start',
  summary: 'kill both nodes and start both at the same moment, as after a power cut',
  needs: ['control'],
  async fault({cluster, say}) {
    say('kill -9 both nodes')
    await Promise.all([cluster.master.kill(), cluster.slave.kill()])
  },
  async recover({cluster, say}) {
    say('start both at once')
    await Promise.all([cluster.master.start(), cluster.slave.start()])
  },
  budgets: ['paired', 'diverged==0', 'corrupt==0', 'phantom==0', 'resurrected==0'],
  advice: 'Two nodes that start together may both wait for the other: restart one of them.',
}
