/** Keys of the palette. A part of the key table. */
export const paletteBindings = [
  {id: 'palette.accept', keys: ['enter'], modes: ['command'], label: 'do it', help: 'do what is marked'},
  {id: 'palette.complete', keys: ['tab'], modes: ['command'], label: 'complete', help: 'write out what is marked'},
  {id: 'palette.down', keys: ['down', 'ctrl+n'], modes: ['command'], label: 'next', help: 'mark the next'},
  {id: 'palette.up', keys: ['up', 'ctrl+p'], modes: ['command'], help: 'mark the one before'},
  {id: 'palette.erase', keys: ['backspace'], modes: ['command'], help: 'delete the last character'},
  {id: 'palette.clear', keys: ['ctrl+u'], modes: ['command'], help: 'delete all of it'},
  {id: 'palette.close', keys: ['esc'], modes: ['command'], label: 'back', help: 'do nothing'},
] as const
