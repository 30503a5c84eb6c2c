/** Keys of the explanation of events. A part of the key table. */
export const explainBindings = [
  {id: 'explain.up', keys: ['k', 'up', 'pageup'], modes: ['explain'], label: 'earlier', help: 'the event before'},
  {id: 'explain.down', keys: ['j', 'down', 'pagedown'], modes: ['explain'], label: 'later', help: 'the next event'},
  {id: 'explain.close', keys: ['esc', 'q', 'e'], modes: ['explain'], label: 'back', help: 'close the explanation'},
] as const
