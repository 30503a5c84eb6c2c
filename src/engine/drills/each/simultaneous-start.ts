import {type Drill, recoveredPair} from '../contract/drill.js'

/** Whether two nodes miss each other is decided within a millisecond. */
const ATTEMPTS = 10

export const simultaneousStart: Drill = {
  name: 'simultaneous-start',
  summary: 'kill both nodes and start both at the same moment, as after a power cut; up to ten times',
  needs: ['control'],
  undoes: true,
  async fault({cluster, say, mark, untilWhole}) {
    const nodes = [cluster.master, cluster.slave]
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      say(`kill -9 both nodes, start both at once, number ${attempt}`)
      mark()
      await Promise.all(nodes.map(node => node.kill()))
      await Promise.all(nodes.map(node => node.start()))
      if ((await untilWhole()) === null) {
        say(`after start number ${attempt} the two have not found each other`)
        return
      }
      nodes.reverse()
    }
  },
  async recover() {},
  budgets: [...recoveredPair],
  advice: 'Two nodes that start together may both wait for the other: restart one of them.',
}
