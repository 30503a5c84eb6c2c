/** Keys of a log that is being read, and of its filter. A part of the key table. */
export const logBindings = [
  {id: 'log.filter', keys: ['/'], modes: ['log'], label: 'filter', help: 'show only lines with a text'},
  {id: 'log.next', keys: ['tab', 'right', 'l'], modes: ['log'], label: 'next node', help: 'the log of the next node'},
  {id: 'log.previous', keys: ['shift+tab', 'left', 'h'], modes: ['log'], help: 'the log of the node before'},
  {id: 'log.follow', keys: ['G', 'end', 'F'], modes: ['log'], label: 'follow', help: 'to the newest line, and follow'},
  {id: 'log.top', keys: ['g', 'home'], modes: ['log'], label: 'oldest', help: 'to the oldest line'},
  {id: 'log.up', keys: ['k', 'up'], modes: ['log'], help: 'one line back; stops following'},
  {id: 'log.down', keys: ['j', 'down'], modes: ['log'], help: 'one line on'},
  {id: 'log.pageUp', keys: ['pageup', 'ctrl+u'], modes: ['log'], label: 'scroll', help: 'one page back'},
  {id: 'log.pageDown', keys: ['pagedown', 'ctrl+d', ' '], modes: ['log'], help: 'one page on'},
  {
    id: 'log.close',
    keys: ['esc', 'q', 'L'],
    modes: ['log'],
    label: 'back',
    help: 'drop the filter, then close the log',
  },
  {id: 'filter.accept', keys: ['enter'], modes: ['filter'], label: 'keep', help: 'keep the filter'},
  {id: 'filter.cancel', keys: ['esc'], modes: ['filter'], label: 'no filter', help: 'no filter'},
  {id: 'filter.erase', keys: ['backspace'], modes: ['filter'], help: 'delete the last character'},
  {id: 'filter.clear', keys: ['ctrl+u'], modes: ['filter'], help: 'delete all of it'},
] as const
