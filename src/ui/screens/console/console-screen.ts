import {step} from '../../core/effect.js'
import {defineScreen} from '../../core/screen.js'
import {ConsoleEffects} from './console-effects.js'
import {consoleBindings} from './console-keys.js'
import {backInConsole, consoleCommands, openConsole, paste, typeText} from './state/console-commands.js'
import {checkKey, openAddress, replay} from './state/console-questions.js'
import {initialConsole, reduceConsole} from './state/console-state.js'
import {explain, moveMark, scrollTranscript, transcriptCommands} from './state/transcript-commands.js'
import {ConsoleScreenView} from './view/console-view.js'

/** Console: type to nodes side by side, as with telnet. */
export const consoleScreen = defineScreen({
  id: 'console',
  title: 'Console',
  initial: {console: initialConsole},
  bindings: consoleBindings,
  commands: {...consoleCommands, ...transcriptCommands},
  open: (state, node) => openConsole(state, node ?? state.console.target),
  reduce: (state, event) => ({...state, console: reduceConsole(state.console, event)}),
  back: backInConsole,
  move: (state, by) => step(moveMark(state, by)),
  scroll: (state, linesOf) => step(scrollTranscript(state, linesOf)),
  mode: ({console}) => (console.typing ? 'insert' : 'nav'),
  typing: {type: typeText, paste},
  // On a marked line of a transcript, what that means is what is asked.
  help: state => (state.console.marked === null ? null : explain(state)),
  paletteCommands: [
    {name: 'open', argument: 'HOST:PORT', help: 'a console session to any address', take: openAddress},
    {name: 'verify', argument: 'KEY', help: 'read a key on every node: same, different or missing', take: checkKey},
    {name: 'replay', argument: 'FILE', help: 'send a saved transcript again', take: replay, changes: true},
  ],
  atStart: [{type: 'console', request: {type: 'readHistory'}}],
  effects: services => new ConsoleEffects(services),
  View: ConsoleScreenView,
})
