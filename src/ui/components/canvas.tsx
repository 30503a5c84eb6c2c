import {Text, Transform} from 'ink'
import {memo, useMemo} from 'react'
import {useGlyphs} from '../context.js'

/**
 * Draws ready-made lines of exactly width × height cells. Ink measures only a
 * placeholder that never changes; the real lines come in when it writes.
 */
export const Canvas = memo(function Canvas({
  lines,
  width,
  height,
}: {
  lines: readonly string[]
  width: number
  height: number
}) {
  const placeholder = useMemo(() => Array.from({length: height}, () => '.'.repeat(width)).join('\n'), [width, height])
  const glyphs = useGlyphs()
  if (width <= 0 || height <= 0) return null
  return (
    <Transform transform={(_, row) => glyphs(lines[row] ?? '')}>
      <Text>{placeholder}</Text>
    </Transform>
  )
})
