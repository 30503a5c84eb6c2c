/** Keys of the help. A part of the key table. */
export const helpBindings = [
  {id: 'help.close', keys: ['esc', '?', 'q', 'enter'], modes: ['help'], label: 'close', help: 'close the help'},
  {id: 'help.down', keys: ['j', 'down', 'pagedown'], modes: ['help'], label: 'scroll', help: 'scroll on'},
  {id: 'help.up', keys: ['k', 'up', 'pageup'], modes: ['help'], help: 'scroll back'},
] as const
