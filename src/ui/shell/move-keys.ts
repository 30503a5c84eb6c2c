/** Keys that mark something else or scroll. A part of the key table. */
export const moveBindings = [
  {id: 'move.down', keys: ['j', 'down'], modes: ['nav'], help: 'next node, profile, drill, run or line'},
  {id: 'move.up', keys: ['k', 'up'], modes: ['nav'], help: 'previous node, profile, drill, run or line'},
  {
    id: 'scroll.pageUp',
    keys: ['pageup'],
    modes: ['nav', 'insert'],
    screens: ['nodes', 'load', 'console', 'drill', 'report'],
    label: 'scroll',
    help: 'scroll back; stops following',
    needs: 'nodes',
  },
  {
    id: 'scroll.pageDown',
    keys: ['pagedown'],
    modes: ['nav', 'insert'],
    screens: ['nodes', 'load', 'console', 'drill', 'report'],
    help: 'scroll on; at the end: follow again',
  },
  {
    id: 'scroll.halfUp',
    keys: ['ctrl+u'],
    modes: ['nav'],
    screens: ['nodes', 'load', 'console', 'drill', 'report'],
    help: 'scroll half a page back',
  },
  {
    id: 'scroll.halfDown',
    keys: ['ctrl+d'],
    modes: ['nav'],
    screens: ['nodes', 'load', 'console', 'drill', 'report'],
    help: 'scroll half a page on',
  },
  {
    id: 'scroll.top',
    keys: ['g', 'home'],
    modes: ['nav'],
    screens: ['nodes', 'load', 'console', 'drill', 'report'],
    help: 'to the oldest line',
  },
  {
    id: 'scroll.end',
    keys: ['G', 'end'],
    modes: ['nav'],
    screens: ['nodes', 'load', 'console', 'drill', 'report'],
    help: 'to the newest line, and follow',
  },
] as const
