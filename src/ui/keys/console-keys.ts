/** Keys of the Console screen while nothing is typed. A part of the key table. */
export const consoleBindings = [
  {
    id: 'console.type',
    keys: ['enter', 'i'],
    modes: ['nav'],
    screens: ['console'],
    label: 'type',
    help: 'type to the node',
  },
  {
    id: 'console.nextNav',
    keys: ['tab', 'left', 'right', 'h', 'l', 'shift+tab'],
    modes: ['nav'],
    screens: ['console'],
    label: 'other node',
    help: 'the other node becomes the target',
  },
] as const
