import {PassThrough} from 'node:stream'
import {expect, test} from 'vitest'
import {TextOutput} from '../../../../src/cli/app/text-output.js'
import {describeAlarm, isAlarming} from '../../../../src/cli/documents/phrases/alarm.js'
import {ProgressLine} from '../../../../src/cli/documents/text/run-progress.js'

test('a link that is lost is alarming, a node that starts is not', () => {
  const kinds = ['started', 'overflow', 'linkLost', 'linkUp', 'crashed']
  expect(kinds.filter(kind => isAlarming({kind}))).toEqual(['overflow', 'linkLost', 'crashed'])
  expect(describeAlarm({t: 1.234, node: 'm1', text: 'lost its link'})).toBe('m1 at 1.23 s: lost its link')
})

test('what is said during a run stays', () => {
  const stream = new PassThrough()
  new ProgressLine(new TextOutput(stream as unknown as NodeJS.WriteStream)).say('warning  m1')
  expect(stream.read().toString()).toBe('warning  m1\n')
})
