import {expect, it} from 'vitest'
import {nodeEventsMarkdown} from '../../../scripts/node-events-document.js'
import {eventAdvice} from '../../../src/server/node-api/event-advice.js'

it('is what docs/node-events.md says', async () => {
  await expect(nodeEventsMarkdown()).toMatchFileSnapshot('../../../docs/node-events.md')
})

it('says for every alarm what to do', () => {
  const helpless = Object.entries(eventAdvice).filter(([, {weight, advice}]) => weight === 'alarm' && advice === null)
  expect(helpless).toEqual([])
})
