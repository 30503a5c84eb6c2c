/** Keys of the Report screen. A part of the key table. */
export const reportBindings = [
  {
    id: 'report.open',
    keys: ['enter'],
    modes: ['nav'],
    screens: ['report'],
    label: 'open',
    help: 'open the report of the run',
  },
  {
    id: 'report.mark',
    keys: [' '],
    modes: ['nav'],
    screens: ['report'],
    label: 'mark',
    help: 'mark the run as A, or as B; again: take the mark back',
  },
  {
    id: 'report.compare',
    keys: ['c'],
    modes: ['nav'],
    screens: ['report'],
    label: 'compare',
    help: 'hold B against A',
  },
  {
    id: 'report.export',
    keys: ['E'],
    modes: ['nav'],
    screens: ['report'],
    label: 'export',
    help: 'write the run as JSON and Markdown into the working directory',
  },
  {
    id: 'report.delete',
    keys: ['d'],
    modes: ['nav'],
    screens: ['report'],
    label: 'delete…',
    help: 'delete the run from the history (asks)',
    changes: true,
  },
] as const
