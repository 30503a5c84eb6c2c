import {Box, Text, Transform} from 'ink'
import {memo, useMemo} from 'react'
import {useGlyphs} from '../context.js'

/**
 * Draws ready-made lines of exactly width × height cells. Ink takes the size
 * from the box and splits up a placeholder of one cell a row, at every picture
 * anew; the real lines come in when it writes.
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
  const placeholder = useMemo(() => Array.from({length: Math.max(0, height)}, () => '.').join('\n'), [height])
  const glyphs = useGlyphs()
  if (width <= 0 || height <= 0) return null
  return (
    <Box width={width} height={height} flexShrink={0}>
      <Transform transform={(_, row) => glyphs(lines[row] ?? '')}>
        <Text>{placeholder}</Text>
      </Transform>
    </Box>
  )
})
