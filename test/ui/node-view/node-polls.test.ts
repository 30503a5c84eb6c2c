import {expect, it} from 'vitest'
import {NodePolls} from '../../../src/ui/node-view/node-polls.js'
import {answeredSample, silentSample} from '../../helpers/node-samples.js'
import {FakeNode} from '../helpers/fake-ports.js'

it('has no figures of a node any more from the moment on in which it died', () => {
  const node = new FakeNode('m1')
  const polls = new NodePolls()
  polls.add(node, answeredSample('m1'))
  expect(polls.of(node).latest).not.toBeNull()
  node.change({state: 'dead'})
  const silenced = polls.of(node)
  expect(silenced).toMatchObject({latest: null, rates: null})
  expect(polls.of(node)).toBe(silenced)
})

it('calls a node silent that is up, and not one that is known to be away', () => {
  const [up, frozen] = [new FakeNode('m1'), new FakeNode('s1', {state: 'paused'})]
  const polls = new NodePolls()
  for (const node of [up, frozen]) polls.add(node, silentSample(node.name))
  expect([up, frozen].map(node => polls.of(node).answers)).toEqual([false, true])
})

it('takes no answer of a node that died meanwhile', () => {
  const node = new FakeNode('m1', {state: 'dead'})
  const polls = new NodePolls()
  polls.add(node, answeredSample('m1'))
  expect(polls.of(node)).toMatchObject({latest: null, answers: true, history: [null]})
})
