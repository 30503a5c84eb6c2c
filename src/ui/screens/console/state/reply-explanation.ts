import type {TranscriptEntry} from '../../../../telnet/transcript/transcript.js'
import {type Step, step} from '../../../core/effect.js'
import type {UiState} from '../../../core/ui-state.js'
import {showPage} from '../../../overlays/page-overlay.js'

const kindWords: Readonly<Record<TranscriptEntry['kind'], string>> = {
  sent: 'You typed this line.',
  received: 'Data: a part of a value.',
  system: 'A line of the console.',
  good: 'repbench read the other node, apart from your session.',
  bad: 'repbench read the other node, apart from your session.',
}

/** Shows what a line of a session means. */
export function openReplyExplanation(state: UiState, line: Pick<TranscriptEntry, 'kind' | 'text'>): Step<UiState> {
  const explained = state.session.explain(line)
  const lines = [
    line.text,
    '',
    `means       ${explained?.meaning ?? kindWords[line.kind]}`,
    ...(explained?.advice == null ? [] : [`what to do  ${explained.advice}`]),
  ]
  return step(showPage(state, {title: 'What this line means', lines, from: 0}))
}
