import {overlayBindings} from './overlay-keys.js'
import type {Screen} from './state/ui-state.js'

/** What a key press means depends on the mode: moving about, typing, answering a dialog, reading a log … */
export const modes = ['nav', 'insert', 'dialog', 'help', 'menu', 'log', 'filter', 'explain', 'command'] as const
export type Mode = (typeof modes)[number]

/** One key as a word: `j`, `ctrl+d`, `up`, `enter`, `esc`, `tab`, `pageup`. */
export type Chord = string

export interface Binding {
  readonly id: string
  readonly keys: readonly Chord[]
  readonly modes: readonly Mode[]
  /** Only on these screens; everywhere when absent. */
  readonly screens?: readonly Screen[]
  /** A word or two for the footer; absent = not shown there. Three dots: asks before it acts. */
  readonly label?: string
  /** A line for the help and the documentation. */
  readonly help: string
  /** Left out of the footer where it would only be refused. */
  readonly needs?: 'nodes' | 'noNodes'
  /** It launches, ends, freezes or loads something: not with --readonly. */
  readonly changes?: true
}

/**
 * Every key of the UI, the most useful first. Dispatch, footer, `?` help and
 * docs/keys.md all read this table, and nothing else.
 */
export const bindings = [
  // Nodes
  {
    id: 'node.new',
    keys: ['n'],
    modes: ['nav'],
    screens: ['nodes'],
    label: 'new',
    help: 'launch nodes: the first time an embedded pair, then any topology',
    changes: true,
  },
  {
    id: 'node.menu',
    keys: ['N'],
    modes: ['nav'],
    screens: ['nodes'],
    label: 'other nodes',
    help: 'launch any topology',
    needs: 'noNodes',
    changes: true,
  },
  {
    id: 'node.kill',
    keys: ['x'],
    modes: ['nav'],
    screens: ['nodes'],
    label: 'kill…',
    help: 'kill -9 the selected node (asks)',
    needs: 'nodes',
    changes: true,
  },
  {
    id: 'node.freeze',
    keys: ['z'],
    modes: ['nav'],
    screens: ['nodes'],
    label: 'freeze',
    help: 'freeze the selected node (SIGSTOP), or thaw it (SIGCONT)',
    needs: 'nodes',
    changes: true,
  },
  {
    id: 'node.restart',
    keys: ['r'],
    modes: ['nav'],
    screens: ['nodes'],
    label: 'restart',
    help: 'start the selected node again (asks while it runs)',
    needs: 'nodes',
    changes: true,
  },
  {
    id: 'node.console',
    keys: ['c', 'enter'],
    modes: ['nav'],
    screens: ['nodes'],
    label: 'console',
    help: 'type to the selected node',
    needs: 'nodes',
  },
  {
    id: 'node.log',
    keys: ['L'],
    modes: ['nav'],
    screens: ['nodes'],
    label: 'log',
    help: 'the log of the selected node',
    needs: 'nodes',
  },
  {
    id: 'node.explain',
    keys: ['e'],
    modes: ['nav'],
    screens: ['nodes'],
    label: 'explain',
    help: 'what the events mean, and what to do',
    needs: 'nodes',
  },
  {
    id: 'node.terminate',
    keys: ['t'],
    modes: ['nav'],
    screens: ['nodes'],
    label: 'term…',
    help: 'end the selected node with SIGTERM (asks)',
    needs: 'nodes',
    changes: true,
  },

  // Load
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

  // Console, not typing
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

  // Console, typing
  {id: 'console.send', keys: ['enter'], modes: ['insert'], label: 'send', help: 'send the line to the target node'},
  {
    id: 'console.next',
    keys: ['tab', 'shift+tab'],
    modes: ['insert'],
    label: 'other node',
    help: 'the other node becomes the target',
  },
  {
    id: 'console.sendBoth',
    keys: ['ctrl+t'],
    modes: ['insert'],
    label: 'send to both',
    help: 'send the line to both nodes',
  },
  {id: 'edit.older', keys: ['up', 'ctrl+p'], modes: ['insert'], label: 'history', help: 'older line'},
  {id: 'edit.newer', keys: ['down', 'ctrl+n'], modes: ['insert'], help: 'newer line'},
  {id: 'edit.left', keys: ['left', 'ctrl+b'], modes: ['insert'], help: 'one character back'},
  {id: 'edit.right', keys: ['right', 'ctrl+f'], modes: ['insert'], help: 'one character on'},
  {id: 'edit.wordLeft', keys: ['alt+b', 'ctrl+left', 'alt+left'], modes: ['insert'], help: 'one word back'},
  {id: 'edit.wordRight', keys: ['alt+f', 'ctrl+right', 'alt+right'], modes: ['insert'], help: 'one word on'},
  {id: 'edit.start', keys: ['ctrl+a', 'home'], modes: ['insert'], help: 'start of the line'},
  {id: 'edit.end', keys: ['ctrl+e', 'end'], modes: ['insert'], help: 'end of the line'},
  {id: 'edit.backspace', keys: ['backspace', 'ctrl+h'], modes: ['insert'], help: 'delete the character before'},
  {id: 'edit.delete', keys: ['delete', 'ctrl+d'], modes: ['insert'], help: 'delete the character under the cursor'},
  {id: 'edit.killWord', keys: ['ctrl+w', 'alt+backspace'], modes: ['insert'], help: 'delete the word before'},
  {id: 'edit.killToStart', keys: ['ctrl+u'], modes: ['insert'], help: 'delete to the start of the line'},
  {id: 'edit.killToEnd', keys: ['ctrl+k'], modes: ['insert'], help: 'delete to the end of the line'},
  {id: 'edit.yank', keys: ['ctrl+y'], modes: ['insert'], help: 'put back what was deleted last'},
  {
    id: 'console.clear',
    keys: ['ctrl+l'],
    modes: ['insert', 'nav'],
    screens: ['console'],
    label: 'clear',
    help: 'clear the transcripts',
  },

  // Drill
  {
    id: 'drill.enter',
    keys: ['enter'],
    modes: ['nav'],
    screens: ['drill'],
    label: 'run/open',
    help: 'run the chosen drill on a pair of its own; in the history: open its report',
  },
  {
    id: 'drill.abort',
    keys: ['a'],
    modes: ['nav'],
    screens: ['drill'],
    label: 'abort…',
    help: 'abort the running drill (asks)',
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

  // Report
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

  // Moving
  {id: 'move.down', keys: ['j', 'down'], modes: ['nav'], help: 'next node, profile, drill, run or line'},
  {id: 'move.up', keys: ['k', 'up'], modes: ['nav'], help: 'previous node, profile, drill, run or line'},
  {
    id: 'scroll.pageUp',
    keys: ['pageup'],
    modes: ['nav', 'insert'],
    screens: ['nodes', 'console', 'drill', 'report'],
    label: 'scroll',
    help: 'scroll back; stops following',
    needs: 'nodes',
  },
  {
    id: 'scroll.pageDown',
    keys: ['pagedown'],
    modes: ['nav', 'insert'],
    screens: ['nodes', 'console', 'drill', 'report'],
    help: 'scroll on; at the end: follow again',
  },
  {
    id: 'scroll.halfUp',
    keys: ['ctrl+u'],
    modes: ['nav'],
    screens: ['nodes', 'console', 'drill', 'report'],
    help: 'scroll half a page back',
  },
  {
    id: 'scroll.halfDown',
    keys: ['ctrl+d'],
    modes: ['nav'],
    screens: ['nodes', 'console', 'drill', 'report'],
    help: 'scroll half a page on',
  },
  {
    id: 'scroll.top',
    keys: ['g', 'home'],
    modes: ['nav'],
    screens: ['nodes', 'console', 'drill', 'report'],
    help: 'to the oldest line',
  },
  {
    id: 'scroll.end',
    keys: ['G', 'end'],
    modes: ['nav'],
    screens: ['nodes', 'console', 'drill', 'report'],
    help: 'to the newest line, and follow',
  },

  // Screens and the program
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
    screens: ['load', 'console', 'drill', 'report'],
    label: 'back',
    help: 'one level back; never quits',
  },
  {id: 'palette.open', keys: [':'], modes: ['nav'], label: 'cmd', help: 'do anything by its name'},
  {id: 'app.help', keys: ['?'], modes: ['nav'], label: 'help', help: 'this help'},
  {id: 'app.quit', keys: ['q'], modes: ['nav'], label: 'quit', help: 'quit (asks while something runs)'},
  {
    id: 'app.interrupt',
    keys: ['ctrl+c'],
    modes,
    help: 'stop everything and quit; again: without waiting',
  },

  // What lies over a screen
  ...overlayBindings,
] as const satisfies readonly Binding[]

export type CommandId = (typeof bindings)[number]['id']

/** Where a key is pressed. */
export interface KeyPlace {
  readonly mode: Mode
  readonly screen: Screen
}

/** What a key does in this place, or undefined. */
export function commandFor(chord: Chord, place: KeyPlace): CommandId | undefined {
  return bindings.find(binding => appliesIn(binding, place) && (binding.keys as readonly string[]).includes(chord))?.id
}

/** The bindings that work in this place, in the order of the table. */
export function bindingsFor(place: KeyPlace): readonly (Binding & {readonly id: CommandId})[] {
  return bindings.filter(binding => appliesIn(binding, place))
}

function appliesIn(binding: Binding, {mode, screen}: KeyPlace): boolean {
  return binding.modes.includes(mode) && (binding.screens?.includes(screen) ?? true)
}

const keyNames: Readonly<Record<string, string>> = {
  ' ': 'space',
  up: '↑',
  down: '↓',
  left: '←',
  right: '→',
  pageup: 'PgUp',
  pagedown: 'PgDn',
}

/** A key as the footer, the help and the documentation write it: ^T, ↑, PgUp, esc. */
export function keyName(chord: Chord): string {
  const control = /^ctrl\+(.)$/.exec(chord)?.[1]
  if (control !== undefined) return `^${control.toUpperCase()}`
  return keyNames[chord] ?? chord
}
