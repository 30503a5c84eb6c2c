import type {Painter} from './painter.js'
import type {TerminalControl} from './terminal-control.js'

/** So long after the last change of the window's size. */
const SETTLED_MS = 80

interface RepaintOptions {
  readonly terminal: Pick<TerminalControl, 'erase'>
  readonly painter: Pick<Painter, 'repaint'>
}

/**
 * Draws the whole picture again once the window keeps its size. While sizes follow one another, a picture may be laid
 * out for one and shown at another; and a window that shrinks and grows within a moment has lost what was beyond its
 * edge, though its size is as before and so nobody is told.
 */
export function repaintAfterResizes({terminal, painter}: RepaintOptions): () => void {
  let timer: NodeJS.Timeout | undefined
  const repaint = () => {
    terminal.erase()
    painter.repaint()
  }
  const soon = () => {
    clearTimeout(timer)
    timer = setTimeout(repaint, SETTLED_MS)
  }
  process.on('SIGWINCH', soon)
  return () => {
    clearTimeout(timer)
    process.off('SIGWINCH', soon)
  }
}
