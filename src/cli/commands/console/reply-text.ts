import {Writable} from 'node:stream'
import {StringDecoder} from 'node:string_decoder'
import type {TextOutput} from '../../app/text-output.js'

/** Shows what a server has sent on a terminal: as text, with all that could change the terminal escaped. */
export function replyText(output: TextOutput): Writable {
  const decoder = new StringDecoder('utf8')
  // The first half of a line end, until the other has come.
  let held = ''
  return new Writable({
    write(bytes: Buffer, _encoding, done) {
      const text = held + decoder.write(bytes)
      held = text.endsWith('\r') ? '\r' : ''
      output.write(text.slice(0, text.length - held.length).replaceAll('\r\n', '\n'), done)
    },
    final(done) {
      output.write(held + decoder.end(), done)
    },
  })
}
