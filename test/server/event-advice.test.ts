import {expect, it} from 'vitest'
import {eventAdvice} from '../../src/server/event-advice.js'
import {nodeEventsMarkdown} from '../../src/server/event-document.js'

it('is what docs/node-events.md says', async () => {
  await expect(nodeEventsMarkdown()).toMatchFileSnapshot('../../docs/node-events.md')
})

it('says for every alarm what to do', () => {
  const helpless = Object.entries(eventAdvice).filter(([, {weight, advice}]) => weight === 'alarm' && advice === null)
  expect(helpless).toEqual([])
})
