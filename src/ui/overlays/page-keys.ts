/** Keys of a text that lies over the screen. A part of the key table. */
export const pageBindings = [
  {id: 'page.close', keys: ['esc', 'q', 'enter', '?'], modes: ['page'], label: 'back', help: 'close it'},
  {id: 'page.down', keys: ['j', 'down'], modes: ['page'], label: 'scroll', help: 'one line on'},
  {id: 'page.up', keys: ['k', 'up'], modes: ['page'], help: 'one line back'},
  {id: 'page.pageDown', keys: ['pagedown', ' ', 'ctrl+d'], modes: ['page'], help: 'one page on'},
  {id: 'page.pageUp', keys: ['pageup', 'ctrl+u'], modes: ['page'], help: 'one page back'},
  {id: 'page.copy', keys: ['y'], modes: ['page'], label: 'copy', help: 'copy the text'},
] as const
