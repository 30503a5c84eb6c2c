import type {Glyphs} from '../draw/glyphs.js'
import {canvasLine} from './canvas-line.js'
import type {CanvasPart} from './canvas-part.js'
import {type DOMElement, measureElement} from './ink.js'
import {cursorTo, type PlacedLines, screenRows} from './screen-rows.js'

/** Terminals that know it show what lies between at once; others ignore it. Source: the synchronized output of mode 2026. */
const SYNC_START = '\u001B[?2026h'
const SYNC_END = '\u001B[?2026l'

/**
 * Between two turns. A picture takes two milliseconds, and a load or a server that wants the same core would wait for as
 * long; so it waits for half a millisecond at most (docs/ui.md).
 */
const PAUSE_MS = 1

type Place = Pick<PlacedLines, 'width' | 'layer'>

export interface PaintedParts extends Place {
  readonly height: number
  readonly parts: readonly CanvasPart[]
}

interface PaintedCanvas {
  readonly place: Place
  /** Of the last picture that is drawn to its end; what the screen gets. */
  lines: readonly string[]
  readonly height: number
  /** The rest of the next picture, and its lines so far. */
  readonly undrawn: CanvasPart[]
  readonly drawn: string[]
}

export interface PainterOptions {
  readonly stdout: NodeJS.WriteStream
  readonly glyphs: Glyphs
  /** Calls a turn later. @default after a millisecond */
  readonly pause?: (turn: () => void) => void
}

/**
 * Draws canvases and writes their lines to the terminal, where Ink has laid them out: only rows that changed, and
 * without a look at their cells. Ink itself would take a picture apart and put it together, character by character, five
 * times a second, which costs ten times as much as all the rest; a load on the same processor waits for it.
 *
 * show() ─> turn: a part is drawn ─> pause ─> … ─> turn: no part is left, the rows that changed are written
 */
export class Painter {
  readonly #stdout: NodeJS.WriteStream
  readonly #glyphs: Glyphs
  readonly #pause: (turn: () => void) => void
  readonly #canvases = new Map<DOMElement, PaintedCanvas>()
  /** What the screen shows, row by row; empty when it is not known. */
  #shown: readonly string[] = []
  #turnIsDue = false
  #repaintIsDue = false
  /** The next picture came before the last one was drawn: no time for pauses. */
  #isLate = false
  #attached = false
  #held = 0
  #waits = false

  constructor({stdout, glyphs, pause = turn => setTimeout(turn, PAUSE_MS)}: PainterOptions) {
    this.#stdout = stdout
    this.#glyphs = glyphs
    this.#pause = pause
  }

  /** The terminal's stream for Ink: what it writes may lie over everything. */
  inkStdout(): NodeJS.WriteStream {
    const repaint = () => this.repaint()
    return new Proxy(this.#stdout, {
      get(stdout, name) {
        const value: unknown = Reflect.get(stdout, name, stdout)
        if (typeof value !== 'function') return value
        return (...args: unknown[]) => {
          if (name === 'write' && args[0] !== '') repaint()
          return Reflect.apply(value, stdout, args)
        }
      },
    })
  }

  /** The terminal is ours from now on. @returns what gives it back */
  attach(): () => void {
    this.#attached = true
    this.repaint()
    return () => {
      this.#attached = false
    }
  }

  /** Nothing is written until what this returns is called. */
  hold(): () => void {
    this.#held += 1
    return () => {
      this.#held -= 1
      this.repaint()
    }
  }

  /** Draws a canvas part by part, and paints it when all parts are drawn. */
  show(element: DOMElement, {parts, height, ...place}: PaintedParts): void {
    const before = this.#canvases.get(element)
    if (before?.undrawn.some(part => typeof part === 'function')) this.#isLate = true
    const lines = before?.place.width === place.width && before.height === height ? before.lines : []
    this.#canvases.set(element, {place, height, lines, undrawn: [...parts], drawn: []})
    this.#takeTurnSoon()
  }

  drop(element: DOMElement): void {
    this.#canvases.delete(element)
    this.#takeTurnSoon()
  }

  /** Writes every row anew, at once: something may lie over them. */
  repaint(): void {
    this.#shown = []
    this.#takeTurnSoon()
    if (this.#repaintIsDue) return
    this.#repaintIsDue = true
    queueMicrotask(() => {
      this.#repaintIsDue = false
      if (this.#mayWrite()) this.#paint()
    })
  }

  #takeTurnSoon(): void {
    if (this.#turnIsDue) return
    this.#turnIsDue = true
    this.#pause(() => {
      this.#turnIsDue = false
      this.#takeTurn()
    })
  }

  #takeTurn(): void {
    if (!this.#mayWrite()) return
    for (const canvas of this.#canvases.values()) {
      if (this.#draw(canvas)) {
        this.#takeTurnSoon()
        return
      }
    }
    this.#isLate = false
    this.#paint()
  }

  /** @returns whether that was enough for one turn */
  #draw(canvas: PaintedCanvas): boolean {
    const {undrawn, drawn, height} = canvas
    for (let part = undrawn.shift(); part !== undefined; part = undrawn.shift()) {
      const lines = typeof part === 'function' ? part() : part
      for (const line of lines) drawn.push(canvasLine(line, this.#glyphs))
      if (undrawn.length === 0) canvas.lines = drawn.slice(0, height)
      if (typeof part === 'function' && !this.#isLate) return true
    }
    return false
  }

  #mayWrite(): boolean {
    if (!this.#attached || this.#held > 0 || this.#canvases.size === 0) return false
    if (!this.#stdout.writableNeedDrain) return true
    this.#takeTurnWhenDrained()
    return false
  }

  /** A terminal that takes nothing (Ctrl-S) gets one picture afterwards, not all that there were. */
  #takeTurnWhenDrained(): void {
    if (this.#waits) return
    this.#waits = true
    this.#stdout.once('drain', () => {
      this.#waits = false
      this.#takeTurnSoon()
    })
  }

  #paint(): void {
    const {columns, rows} = this.#stdout
    const placed = Array.from(this.#canvases, ([element, {place, lines}]) => {
      const {x, y} = measureElement(element)
      return {...place, lines, x, y}
    })
    const before = this.#shown
    this.#shown = screenRows(placed, {columns, rows})
    const changed = this.#shown.filter((row, index) => row !== before[index])
    if (changed.length === 0) return
    // Ink goes on from where its own frame ended.
    this.#stdout.write(`${SYNC_START}${changed.join('')}${cursorTo(rows - 1, 0)}${SYNC_END}`)
  }
}
