/** Keys of the Drill screen. A part of the key table. */
export const drillBindings = [
  {
    id: 'drill.enter',
    keys: ['enter'],
    modes: ['nav'],
    screens: ['drill'],
    label: 'run/open',
    help: 'run the chosen drill, on a pair of its own unless e chose another; in the history: open its report',
    readonlyHelp: 'in the history: open the report',
  },
  {
    id: 'drill.edit',
    keys: ['e'],
    modes: ['nav'],
    screens: ['drill'],
    label: 'options',
    help: 'change the pair, faults, load, clients, times and budgets of the chosen drill',
    changes: true,
  },
  {
    id: 'drill.abort',
    keys: ['a'],
    modes: ['nav'],
    screens: ['drill'],
    label: 'abort…',
    help: 'abort the running drill (asks)',
    needs: 'drill',
    changes: true,
  },
  {
    id: 'drill.history',
    keys: ['h'],
    modes: ['nav'],
    screens: ['drill'],
    label: 'history',
    help: 'verdicts of earlier drills; again: back',
  },
] as const
