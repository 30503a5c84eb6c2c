import {readdirSync, readFileSync} from 'node:fs'
import {expect, it} from 'vitest'
import {freshLog, readLogLine} from '../../../src/server/process/node-log.js'

const directory = new URL('../../fixtures/node-logs/', import.meta.url)

/** Events of a log, each with the state of the link after it. */
function replay(file: string): string[] {
  let state = freshLog
  const events: string[] = []
  for (const line of readFileSync(new URL(file, directory), 'utf8').trim().split('\n')) {
    const reading = readLogLine(state, line)
    state = reading.state
    const keys = reading.event?.facts?.keys
    if (reading.event !== null)
      events.push(`${reading.event.kind}${keys === undefined ? '' : ` ${keys}`} ${state.link}`)
  }
  return events
}

const refusedStart = ['dialling dialling', 'dialFailed unknown', 'listening listening']
const joined = ['dialling dialling', 'linkUp paired']
const lost = ['linkLost unknown', 'listening listening']
const copied = (keys: number) => ['linkUp paired', 'fullSyncStarted syncing', `fullSyncDone ${keys} paired`]

/** Sessions of the real repcached 2.3.1; each file begins anew with every start of the node. */
const sessions: Readonly<Record<string, readonly string[]>> = {
  // 3000 sets; s1 killed and started; m1 killed and started
  'kill-slave-m1.log': [...refusedStart, 'linkUp paired', ...lost, ...copied(3000), ...joined, 'linkLost unknown'],
  'kill-slave-s1.log': [...joined, ...joined, ...lost, ...copied(3000), 'linkLost unknown'],
  // s1 frozen, 30,000 sets with -q 64, s1 thawed and restarted
  'overflow-m1.log': [
    ...refusedStart,
    'linkUp paired',
    'overflow paired',
    ...lost,
    ...copied(30_000),
    'linkLost unknown',
  ],
  'overflow-s1.log': [...joined, ...lost, ...joined, ...lost],
  // the same with both nodes on one address
  'one-address-m1.log': [...refusedStart, 'linkUp paired', 'overflow paired', ...lost],
  'one-address-s1.log': [...joined, 'linkLost unknown', 'bindFailed orphaned'],
  // a third process with the same -X; s1 killed and started
  'third-m1.log': [...refusedStart, 'linkUp paired', 'linkLost unknown', 'bindFailed orphaned'],
  'third-s1.log': [...joined, ...joined, 'linkLost unknown'],
  'third-t1.log': [...refusedStart, 'linkUp paired', ...lost],
  // at -vv: three sets, s1 killed
  'verbose-m1.log': [...refusedStart, 'linkUp paired', ...lost],
  'verbose-s1.log': joined,
}

it.each(Object.entries(sessions))('reads %s', (file, events) => expect(replay(file)).toEqual(events))

it('has an expectation for every recorded log', () => {
  expect(readdirSync(directory).toSorted()).toEqual(Object.keys(sessions).toSorted())
})
