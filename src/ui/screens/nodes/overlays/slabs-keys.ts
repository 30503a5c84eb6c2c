/** Keys of the slab classes of a node. A part of the key table. */
export const slabsBindings = [
  {id: 'slabs.next', keys: ['tab', 'right', 'l'], modes: ['slabs'], label: 'next node', help: 'those of the next node'},
  {id: 'slabs.previous', keys: ['shift+tab', 'left', 'h'], modes: ['slabs'], help: 'those of the node before'},
  {id: 'slabs.down', keys: ['j', 'down', 'pagedown', ' '], modes: ['slabs'], label: 'scroll', help: 'scroll on'},
  {id: 'slabs.up', keys: ['k', 'up', 'pageup'], modes: ['slabs'], help: 'scroll back'},
  {id: 'slabs.copy', keys: ['y'], modes: ['slabs'], label: 'copy', help: 'copy the table'},
  {id: 'slabs.close', keys: ['esc', 'q', 's'], modes: ['slabs'], label: 'back', help: 'close the table'},
] as const
