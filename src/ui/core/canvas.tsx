import {memo, useEffect, useMemo, useRef} from 'react'
import {canvasLine} from '../paint/canvas-line.js'
import {type CanvasPart, linesOf} from '../paint/canvas-part.js'
import {Box, type DOMElement, Text, Transform} from '../paint/ink.js'
import type {Painter} from '../paint/painter.js'
import {useGlyphs, usePainter} from './context.js'

/** What lies over what. */
const layers = {screen: 0, overlay: 1, dialog: 2} as const

interface CanvasProps {
  /** Parts that take long are drawn one by one, with pauses in which a load has the processor. */
  readonly parts: readonly CanvasPart[]
  readonly width: number
  readonly height: number
  readonly layer?: keyof typeof layers
}

/** Draws ready-made lines of exactly width × height cells. */
export const Canvas = memo(function Canvas({
  lines,
  ...props
}: Omit<CanvasProps, 'parts'> & {readonly lines: readonly string[]}) {
  const parts = useMemo(() => [lines], [lines])
  return <PartedCanvas {...props} parts={parts} />
})

/** Draws parts whose lines, one part below the other, are width × height cells. */
export const PartedCanvas = memo(function PartedCanvas({layer = 'screen', ...props}: CanvasProps) {
  const painter = usePainter()
  if (props.width <= 0 || props.height <= 0) return null
  return painter === undefined ? <InkCanvas {...props} /> : <PaintedCanvas {...props} {...{painter, layer}} />
})

/** Ink keeps the place free, and has nothing to draw in it. */
function PaintedCanvas({parts, width, height, layer, painter}: Required<CanvasProps> & {painter: Painter}) {
  const box = useRef<DOMElement>(null)
  useEffect(() => {
    if (box.current === null) return
    painter.show(box.current, {parts, width, height, layer: layers[layer]})
  }, [painter, parts, width, height, layer])
  useEffect(() => {
    const element = box.current
    if (element === null) return
    return () => painter.drop(element)
  }, [painter])
  // The same element while the size is: Ink then need not look at its own, empty, picture again.
  return useMemo(() => <Box ref={box} width={width} height={height} flexShrink={0} />, [width, height])
}

/**
 * Where there is no terminal to paint on. Ink takes the size from the box and splits up a placeholder of one cell a
 * row; the real lines come in when it writes.
 */
function InkCanvas({parts, width, height}: Omit<CanvasProps, 'layer'>) {
  const placeholder = useMemo(() => Array.from({length: height}, () => '.').join('\n'), [height])
  const lines = useMemo(() => linesOf(parts), [parts])
  const glyphs = useGlyphs()
  return (
    <Box width={width} height={height} flexShrink={0}>
      <Transform transform={(_, row) => canvasLine(lines[row] ?? '', glyphs)}>
        <Text>{placeholder}</Text>
      </Transform>
    </Box>
  )
}
