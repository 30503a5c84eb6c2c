import {modes} from '../core/binding.js'

/** Keys that go to another screen, and those of the program itself. A part of the key table. */
export const appBindings = [
  {id: 'screen.nodes', keys: ['1'], modes: ['nav'], help: 'screen Nodes'},
  {id: 'screen.load', keys: ['2'], modes: ['nav'], help: 'screen Load'},
  {id: 'screen.console', keys: ['3'], modes: ['nav'], help: 'screen Console'},
  {id: 'screen.drill', keys: ['4'], modes: ['nav'], help: 'screen Drill'},
  {id: 'screen.report', keys: ['5'], modes: ['nav'], help: 'screen Report'},
  {id: 'screen.next', keys: [']'], modes: ['nav'], help: 'next screen'},
  {id: 'screen.previous', keys: ['['], modes: ['nav'], help: 'previous screen'},
  {
    id: 'app.back',
    keys: ['esc'],
    modes: ['nav', 'insert'],
    label: 'back',
    help: 'one level back; never quits',
  },
  {id: 'palette.open', keys: [':'], modes: ['nav'], label: 'cmd', help: 'do anything by its name'},
  {id: 'app.help', keys: ['?'], modes: ['nav'], label: 'help', help: 'this help'},
  {id: 'app.quit', keys: ['q'], modes: ['nav'], label: 'quit', help: 'quit (asks while something runs)'},
  {id: 'app.suspend', keys: ['ctrl+z'], modes, help: 'back to the shell; fg returns. What runs goes on meanwhile'},
  {
    id: 'app.interrupt',
    keys: ['ctrl+c'],
    modes,
    help: 'stop everything and quit; again: without waiting',
  },
] as const
