/** Keys of the help. A part of the key table. */
export const helpBindings = [
  {id: 'help.close', keys: ['esc', '?', 'q', 'enter'], modes: ['help'], label: 'close', help: 'close the help'},
  {id: 'help.down', keys: ['j', 'down'], modes: ['help'], label: 'scroll', help: 'one line on'},
  {id: 'help.up', keys: ['k', 'up'], modes: ['help'], help: 'one line back'},
  {id: 'help.pageDown', keys: ['pagedown', ' ', 'ctrl+d'], modes: ['help'], label: 'page', help: 'one page on'},
  {id: 'help.pageUp', keys: ['pageup', 'ctrl+u'], modes: ['help'], help: 'one page back'},
  {id: 'help.top', keys: ['g', 'home'], modes: ['help'], help: 'to the first line'},
  {id: 'help.end', keys: ['G', 'end'], modes: ['help'], help: 'to the last line'},
] as const
