import {Box, Text} from 'ink'
import {Table} from 'ink-table'
import type {ReactNode} from 'react'
import {useGlyphs, useTheme} from '../../context.js'
import type {NodeRow} from './node-columns.js'
import {cellTone} from './node-columns.js'

/** The nodes table; its skeleton draws nothing, so that a row is one line and columns stand apart by their padding. */
export function NodeTable({rows, width}: {rows: readonly NodeRow[]; width: number}) {
  return (
    <Box width={width} flexShrink={0}>
      <Table data={[...rows]} header={Heading} cell={Cell} skeleton={Skeleton} />
    </Box>
  )
}

function Heading({children}: {children?: ReactNode}) {
  const theme = useTheme()
  return <Text>{theme.dim(String(children))}</Text>
}

function Cell({children}: {children?: ReactNode}) {
  const theme = useTheme()
  const glyphs = useGlyphs()
  const text = String(children)
  return <Text>{glyphs(theme[cellTone(text)](text))}</Text>
}

function Skeleton() {
  return null
}
