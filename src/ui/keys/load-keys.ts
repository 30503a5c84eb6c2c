/** Keys of the Load screen. A part of the key table. */
export const loadBindings = [
  {
    id: 'load.toggle',
    keys: ['b'],
    modes: ['nav'],
    screens: ['load'],
    label: 'start/stop',
    help: 'start the chosen load, or stop the running one',
    changes: true,
  },
  {
    id: 'load.target',
    keys: ['tab', 'right', 'l'],
    modes: ['nav'],
    screens: ['load'],
    label: 'target',
    help: 'next node to load',
  },
  {
    id: 'load.targetBack',
    keys: ['shift+tab', 'left', 'h'],
    modes: ['nav'],
    screens: ['load'],
    help: 'previous node to load',
  },
  {
    id: 'load.hold',
    keys: ['p'],
    modes: ['nav'],
    screens: ['load'],
    label: 'hold',
    help: 'hold the picture while the run goes on; again: let go',
  },
] as const
