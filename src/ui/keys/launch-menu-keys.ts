/** Keys of the menu of what can be launched. A part of the key table. */
export const launchMenuBindings = [
  {id: 'menu.accept', keys: ['enter'], modes: ['menu'], label: 'launch', help: 'launch what is marked', changes: true},
  {id: 'menu.down', keys: ['j', 'down', 'tab'], modes: ['menu'], label: 'down', help: 'mark the next'},
  {id: 'menu.up', keys: ['k', 'up', 'shift+tab'], modes: ['menu'], label: 'up', help: 'mark the one before'},
  {id: 'menu.close', keys: ['esc', 'q', 'n', 'N'], modes: ['menu'], label: 'back', help: 'launch nothing'},
] as const
