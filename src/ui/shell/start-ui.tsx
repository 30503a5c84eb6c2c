import {UiContext} from '../core/context.js'
import type {OutsideEffect, QuitReason} from '../core/effect.js'
import {glyphsOf} from '../draw/glyphs.js'
import {type ThemeName, themes} from '../draw/theme.js'
import {render} from '../paint/ink.js'
import {Painter} from '../paint/painter.js'
import {repaintAfterResizes} from '../paint/repaint.js'
import {TerminalControl} from '../paint/terminal-control.js'
import type {UiPorts} from '../ports/ui-ports.js'
import {App} from './app.js'
import {initialState, screens} from './commands/screens.js'
import {Effects} from './effects.js'
import {Sampler} from './sampler.js'
import {createUiStore} from './store.js'

const onWholeScreen = {
  exitOnCtrlC: false,
  alternateScreen: true,
  // Ink would print what is logged above the picture, which leaves no room there.
  patchConsole: false,
} as const

export interface UiOptions {
  readonly ports: UiPorts
  readonly stdin: NodeJS.ReadStream
  readonly stdout: NodeJS.WriteStream
  readonly stderr: NodeJS.WriteStream
  /** The environment's TERM: some terminals lack characters. */
  readonly term?: string | undefined
  /** Whether the terminal takes more than ASCII. */
  readonly utf8: boolean
  /** Samples a second. */
  readonly fps: number
  readonly theme: ThemeName
  /** Nothing is launched, ended, frozen or loaded. */
  readonly readonly: boolean
  /** Launch a pair at once. */
  readonly pair: boolean
  /** Stops this process until the shell continues it. @returns false where there is no shell to go back to */
  readonly stopProcess: () => Promise<boolean>
  /** The operator asked to leave; called again when he asks again. */
  readonly onQuit: (reason: QuitReason) => void
}

export interface RunningUi {
  /** As Ctrl-Z: gives the terminal to the shell until the program is continued. */
  suspend(): void
  /** Rejects when a component throws; resolves after unmount(). */
  readonly exited: Promise<unknown>
  /** Gives the terminal back as it was. */
  unmount(): Promise<void>
  /** Ends a run under way, and gives the report of the last one; null without any. */
  lastReport(): Promise<string | null>
}

/** Puts the UI on the terminal. */
export function startUi(options: UiOptions): RunningUi {
  const {ports, stdin, stdout, stderr, fps, theme: themeName, readonly, onQuit} = options
  // The store hands effects on, and their outcome comes back to the store.
  const runEffect = (effect: OutsideEffect) => effects.carryOut(effect)
  const size = {columns: stdout.columns, rows: stdout.rows}
  const store = createUiStore(
    initialState(size, Date.now(), {
      topologies: ports.topologies,
      advice: ports.eventAdvice,
      readonly,
      launchForm: ports.launchForm,
      readRate: ports.readRate,
      explain: ports.explainLine,
    }),
    runEffect,
  )
  const {dispatch} = store
  const sampler = new Sampler({
    ports,
    fps,
    onSample: sample => {
      dispatch({type: 'sample', sample})
      effects.onTick()
    },
  })
  const glyphs = glyphsOf({term: options.term, utf8: options.utf8})
  const painter = new Painter({stdout, glyphs})
  const terminal = new TerminalControl({stdout, painter, stopProcess: options.stopProcess})
  const effects = new Effects({ports, sampler, terminal, dispatch, onQuit})
  const theme = themes[themeName]
  const tree = (
    <UiContext value={{store, theme, terminal, painter, glyphs}}>
      <App />
    </UiContext>
  )
  const ink = render(tree, {stdin, stdout: painter.inkStdout(), stderr, ...onWholeScreen})
  const stopRepainting = repaintAfterResizes({terminal, painter})
  sampler.start()
  for (const effect of screens.flatMap(({atStart = []}) => atStart)) runEffect(effect)
  if (options.pair) dispatch({type: 'press', press: {chord: 'n', text: 'n'}})
  return {
    suspend: () => runEffect({type: 'suspend'}),
    exited: ink.waitUntilExit(),
    async unmount() {
      sampler.stop()
      effects.close()
      stopRepainting()
      ink.unmount()
      await ink.waitUntilExit().catch(() => {})
    },
    async lastReport() {
      await effects.finish()
      const report = store.state.getState().load.run?.result?.report
      return report === undefined ? null : glyphs(report)
    },
  }
}
