/** Keys of a text that lies over the screen. A part of the key table. */
export const pageBindings = [
  {id: 'page.close', keys: ['esc', 'q', 'enter', '?'], modes: ['page'], label: 'back', help: 'close it'},
  {id: 'page.down', keys: ['j', 'down', 'pagedown', ' '], modes: ['page'], label: 'scroll', help: 'scroll on'},
  {id: 'page.up', keys: ['k', 'up', 'pageup'], modes: ['page'], help: 'scroll back'},
  {id: 'page.copy', keys: ['y'], modes: ['page'], label: 'copy', help: 'copy the text'},
] as const
