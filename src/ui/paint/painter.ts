import type {Glyphs} from '../draw/glyphs.js'
import {canvasLine} from './canvas-line.js'
import {giveWay} from './give-way.js'
import type {DOMElement} from './ink.js'
import {measureElement} from './ink.js'
import {cursorTo, type PlacedLines, screenRows} from './screen-rows.js'

/** Terminals that know it show what lies between at once; others ignore it. Source: the synchronized output of mode 2026. */
const SYNC_START = '\u001B[?2026h'
const SYNC_END = '\u001B[?2026l'

export type PaintedLines = Pick<PlacedLines, 'width' | 'layer' | 'lines'>

/**
 * Writes the lines of canvases to the terminal, where Ink has laid them out: only rows that changed, and without a look
 * at their cells. Ink itself would take a picture apart and put it together, character by character, five times a
 * second, which costs ten times as much as all the rest; a load on the same processor waits for it.
 */
export class Painter {
  readonly #stdout: NodeJS.WriteStream
  readonly #glyphs: Glyphs
  readonly #canvases = new Map<DOMElement, PaintedLines>()
  /** What the screen shows, row by row; empty when it is not known. */
  #shown: readonly string[] = []
  #isDue = false
  #attached = false
  #held = 0
  #waits = false

  constructor({stdout, glyphs}: {stdout: NodeJS.WriteStream; glyphs: Glyphs}) {
    this.#stdout = stdout
    this.#glyphs = glyphs
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

  show(element: DOMElement, {lines, ...place}: PaintedLines): void {
    this.#canvases.set(element, {...place, lines: lines.map(line => canvasLine(line, this.#glyphs))})
    this.#paintSoon()
  }

  drop(element: DOMElement): void {
    this.#canvases.delete(element)
    this.#paintSoon()
  }

  /** Writes every row anew. */
  repaint(): void {
    this.#shown = []
    this.#paintSoon()
  }

  /** All canvases of one picture come together. */
  #paintSoon(): void {
    if (this.#isDue) return
    this.#isDue = true
    queueMicrotask(() => {
      this.#isDue = false
      this.#paint()
    })
  }

  /** A terminal that takes nothing (Ctrl-S) gets one picture afterwards, not all that there were. */
  #paintWhenTaken(): void {
    if (this.#waits) return
    this.#waits = true
    this.#stdout.once('drain', () => {
      this.#waits = false
      this.#paintSoon()
    })
  }

  #paint(): void {
    if (!this.#attached || this.#held > 0 || this.#canvases.size === 0) return
    if (this.#stdout.writableNeedDrain) {
      this.#paintWhenTaken()
      return
    }
    const {columns, rows} = this.#stdout
    const placed = Array.from(this.#canvases, ([element, canvas]) => {
      const {x, y} = measureElement(element)
      return {...canvas, x, y}
    })
    giveWay()
    const before = this.#shown
    this.#shown = screenRows(placed, {columns, rows})
    const changed = this.#shown.filter((row, index) => row !== before[index])
    if (changed.length === 0) return
    // Ink goes on from where its own frame ended.
    this.#stdout.write(`${SYNC_START}${changed.join('')}${cursorTo(rows - 1, 0)}${SYNC_END}`)
  }
}
