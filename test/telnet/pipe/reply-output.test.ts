import {expect, it} from 'vitest'
import {ReplyOutput} from '../../../src/telnet/pipe/reply-output.js'

function passThrough(chunks: readonly string[], versionsBefore: number | null) {
  let text = ''
  const replies = new ReplyOutput(bytes => {
    text += bytes.toString('latin1')
  })
  if (versionsBefore !== null) replies.expectBarrier(versionsBefore)
  const passed = chunks.map(chunk => replies.push(Buffer.from(chunk, 'latin1'))).at(-1)
  return {text, passed}
}

it('passes replies on as they come while no barrier is due', () => {
  expect(passThrough(['STO', 'RED\r\nVERS'], null)).toEqual({text: 'STORED\r\nVERS', passed: false})
})

it('keeps the answer to the barrier back, however it is cut', () => {
  const replies = 'VALUE a 0 9\r\nVERSION x\r\nEND\r\nVERSION 1.4.13\r\n'
  for (let cut = 0; cut <= replies.length; cut++) {
    const {text, passed} = passThrough([replies.slice(0, cut), replies.slice(cut)], 0)
    expect({text, passed}).toEqual({text: replies.slice(0, -16), passed: true})
  }
})

it('does not take the answer to a version of the user for it', () => {
  expect(passThrough(['VERSION 1\r\n'], 1)).toEqual({text: 'VERSION 1\r\n', passed: false})
  expect(passThrough(['VERSION 1\r\n', 'VERSION 1\r\n'], 1)).toEqual({text: 'VERSION 1\r\n', passed: true})
})
