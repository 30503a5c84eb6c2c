import {REQUEST_MAGIC} from '../../../protocol/binary/binary-frame.js'
import {BinaryConversation} from '../binary/binary-conversation.js'
import type {Conversation, ConversationOptions} from '../conversation/conversation.js'
import {TextConversation} from '../text/text-conversation.js'

/** Begins the conversation whose first byte has come: a binary request begins with its magic byte. */
export function beginConversation(options: ConversationOptions, firstByte: number): Conversation {
  const {settings, log} = options.context
  const {bindingProtocol} = settings
  const protocol = bindingProtocol !== 'auto' ? bindingProtocol : firstByte === REQUEST_MAGIC ? 'binary' : 'ascii'
  if (bindingProtocol === 'auto') log.line(2, `${options.id}: Client using the ${protocol} protocol`)
  return protocol === 'binary' ? new BinaryConversation(options) : new TextConversation(options)
}
