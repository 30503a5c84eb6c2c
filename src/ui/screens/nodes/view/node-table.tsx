import type {ReactNode} from 'react'
import {Canvas} from '../../../core/canvas.js'
import {useTheme} from '../../../core/context.js'
import {cellWidth} from '../../../draw/cell-width.js'
import {Box, Table} from '../../../paint/ink.js'
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
  const text = String(children)
  return <Canvas lines={[theme.dim(text)]} width={cellWidth(text)} height={1} />
}

function Cell({children}: {children?: ReactNode}) {
  const theme = useTheme()
  const text = String(children)
  return <Canvas lines={[theme[cellTone(text)](text)]} width={cellWidth(text)} height={1} />
}

function Skeleton() {
  return null
}
