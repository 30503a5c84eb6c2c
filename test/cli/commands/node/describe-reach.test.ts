import {describe, expect, it} from 'vitest'
import {readNodeCommandLine} from '../../../../src/cli/commands/node/node-command-line.js'

const reachOf = (line: string) => readNodeCommandLine(line.split(' ').filter(word => word !== '')).reach
const hostOf = (line: string) => readNodeCommandLine(line.split(' ')).settings.host

describe('who can reach a node', () => {
  it.each([
    ['', ['listening on 127.0.0.1 only; -l 0.0.0.0 opens this node to other hosts']],
    ['-x 127.0.0.2', ['listening on 127.0.0.1 only; -l 0.0.0.0 opens this node to other hosts']],
    ['-x 10.0.0.2', ["listening on 127.0.0.1 only: the peer 10.0.0.2 can't connect to this node; -l 0.0.0.0 lets it"]],
    ['-l ::1 -x db2', ["listening on ::1 only: the peer db2 can't connect to this node; -l 0.0.0.0 lets it"]],
    ['-l 127.0.0.1', []],
    ['-l localhost,127.0.0.2:5,[::1]', []],
    ['-s /tmp/x --no-replication', []],
    ['-p 0 -l 0.0.0.0 --no-replication', []],
    ['-s /tmp/x', ['listening on 127.0.0.1 only; -l 0.0.0.0 opens this node to other hosts']],
    [
      '-l 0.0.0.0 --no-replication',
      ['warning: whoever reaches port 11211 of 0.0.0.0 can read, change and flush all items'],
    ],
    ['-l 127.0.0.1,10.0.0.1:5', ['warning: whoever reaches port 5 of 10.0.0.1 can read, change and flush all items']],
    [
      '--like-repcached',
      [
        'warning: whoever reaches port 11211 of all addresses can read, change and flush all items',
        'warning: whoever reaches port 11212 of all addresses can join as peer and copy all items; --peers says who may',
      ],
    ],
    [
      '-s /tmp/x -l 10.0.0.1 -X 5',
      ['warning: whoever reaches port 5 of 10.0.0.1 can join as peer and copy all items; --peers says who may'],
    ],
    ['-s /tmp/x -l 10.0.0.1 --peers 10.0.0.2', []],
    [
      '-s /tmp/x -l 10.0.0.1 -x 10.0.0.3 --peers 10.0.0.2',
      ["the peer 10.0.0.3 can't connect to this node: --peers leaves it out"],
    ],
  ])('is said where that matters: %j', (line, expected) => {
    expect(reachOf(line)).toEqual(expected)
  })

  it('is this machine by default, and everybody as with repcached', () => {
    expect(hostOf('-v')).toBe('127.0.0.1')
    expect(hostOf('--like-repcached')).toBeNull()
    expect(hostOf('--like-repcached -l 10.0.0.1')).toBe('10.0.0.1')
  })
})
