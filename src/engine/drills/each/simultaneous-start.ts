import {type Drill, recoveredPair} from '../contract/drill.js'

/** Whether two nodes miss each other is decided within a millisecond. */
const ATTEMPTS = 10

export const simultaneousStart: Drill = {
  name: 'simultaneous-start',
  summary: 'SIGKILL both nodes and start them at the same moment, as after a power cut; up to ten times',
  needs: ['control'],
  undoes: true,
  async fault({cluster, clock, journal, watch}) {
    const nodes = [cluster.master, cluster.slave]
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      journal.say(`kill -9 both nodes, start both at once, number ${attempt}`)
      clock.mark()
      await Promise.all(nodes.map(node => node.kill()))
      await Promise.all(nodes.map(node => node.start()))
      if ((await watch.untilRecovered()) === null) {
        journal.say(`not paired after start number ${attempt}`)
        return
      }
      nodes.reverse()
    }
  },
  async recover() {},
  assertions: [...recoveredPair],
  advice: 'Two nodes that start together may both wait for the other: restart one of them.',
}
