import type {Binding} from '../../core/binding.js'
import type {UiState} from '../../core/ui-state.js'

const isListShown = ({report}: UiState) => report.page === null

/** Keys of the Report screen. A part of the key table. */
export const reportBindings = [
  {
    id: 'report.open',
    keys: ['enter'],
    modes: ['nav'],
    label: 'open',
    needs: isListShown,
    help: 'open the report of the run',
  },
  {
    id: 'report.mark',
    keys: [' '],
    modes: ['nav'],
    label: 'mark',
    needs: isListShown,
    help: 'mark the run as A, or as B; again: take the mark back',
  },
  {
    id: 'report.compare',
    keys: ['c'],
    modes: ['nav'],
    label: 'compare',
    needs: isListShown,
    help: 'compare B with A',
  },
  {
    id: 'report.filter',
    keys: ['/'],
    modes: ['nav'],
    label: 'filter',
    needs: isListShown,
    help: 'list only entries with a text: a name, a day, fail, drill',
  },
  {
    id: 'report.export',
    keys: ['E'],
    modes: ['nav'],
    label: 'export',
    needs: isListShown,
    help: 'write the run as JSON and Markdown into the working directory',
  },
  {
    id: 'report.delete',
    keys: ['d'],
    modes: ['nav'],
    label: 'delete…',
    needs: isListShown,
    help: 'delete the run from the history (asks)',
    changes: true,
  },
] as const satisfies readonly Binding[]
