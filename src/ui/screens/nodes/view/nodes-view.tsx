import {useMemo} from 'react'
import type {NodeEvent} from '../../../../server/node-api/node-event.js'
import {Canvas} from '../../../core/canvas.js'
import {useTheme, useUi} from '../../../core/context.js'
import {cellWidth} from '../../../draw/cell-width.js'
import type {WindowSize} from '../../../draw/layout.js'
import {type Area, bodyArea, halves, SIDE_BY_SIDE_COLUMNS} from '../../../draw/layout.js'
import {clip, paint} from '../../../draw/text.js'
import type {Tone} from '../../../draw/theme.js'
import {brokenPair, type PairStatus, pairStatuses} from '../../../node-view/pair-status.js'
import {Box} from '../../../paint/ink.js'
import {nodesLayout} from '../state/nodes-layout.js'
import {type NodesPane, selectedNode, visibleNodes} from '../state/nodes-state.js'
import {brokenPairBanner} from './banner.js'
import {detailsPane} from './details-pane.js'
import {eventsPane} from './events-pane.js'
import {fullDetailsPane} from './full-details-pane.js'
import {nodeRows} from './node-columns.js'
import {NodeTable} from './node-table.js'
import {topologyPane} from './topology-pane.js'
import {welcomePane} from './welcome.js'

export function NodesScreenView({size}: {size: WindowSize}) {
  const count = useUi(state => visibleNodes(state.nodes, state.nodesView).length)
  const none = useUi(state => state.nodes.length === 0)
  const {full, pane} = useUi(state => state.nodesView)
  const broken = useBrokenPair()
  const hasBanner = broken !== undefined
  const {tableRows, bannerRows, middleRows, events} = nodesLayout(size, count, hasBanner)
  const {width} = events
  if (none) return <Empty area={bodyArea(size)} />
  if (full) return <FullPane pane={pane} area={bodyArea(size)} />
  return (
    <Box flexDirection="column">
      <Title width={width} />
      <NodesTable width={width} height={tableRows} />
      {hasBanner && <Banner broken={broken} area={{width, height: bannerRows}} />}
      <Middle area={{width, height: middleRows}} />
      <Events area={events} />
    </Box>
  )
}

function FullPane({pane, area}: {pane: NodesPane; area: Area}) {
  switch (pane) {
    case 'table':
      return (
        <Box flexDirection="column" height={area.height}>
          <Title width={area.width} />
          <NodesTable width={area.width} height={area.height - 2} />
        </Box>
      )
    case 'topology':
      return <Topology area={area} />
    case 'details':
      return <FullDetails area={area} />
    case 'events':
      return <Events area={area} />
  }
}

function Empty({area}: {area: Area}) {
  const theme = useTheme()
  const activity = useUi(state => state.activity)
  const readonly = useUi(state => state.session.readonly)
  const events = useUi(state => state.events)
  const scroll = useUi(state => state.eventsScroll)
  // A launch that takes its time, or fails, shows what the nodes say.
  const eventRows = events.length === 0 ? 0 : Math.min(8, Math.floor(area.height / 2))
  const top = {width: area.width, height: area.height - eventRows}
  const lines = [
    ...welcomePane({activity, readonly}, top, theme),
    ...(eventRows === 0
      ? []
      : eventsPane({events, scroll, tone: 'border'}, {width: area.width, height: eventRows}, theme)),
  ]
  return <Canvas lines={lines} {...area} />
}

function Title({width}: {width: number}) {
  const theme = useTheme()
  const all = useUi(state => state.nodes.length)
  const shown = useUi(state => visibleNodes(state.nodes, state.nodesView).length)
  const {filter, typing, pane} = useUi(state => state.nodesView)
  const activity = useUi(state => state.activity)
  const filtering = typing || filter !== ''
  const text = clip(
    `${filtering ? ` /${filter}${typing ? '█' : ''} ` : ''}${activity === null ? '' : ` ${activity}… `}`,
    width - 24,
  )
  const title = ` Nodes ${filtering ? `${shown} of ${all}` : all} `
  const rule = '─'.repeat(Math.max(0, width - title.length - cellWidth(text) - 4))
  const edge = pane === 'table' ? 'focus' : 'border'
  const line = paint(
    [
      ['──', edge],
      [title, 'strong'],
      [rule, edge],
      [text, 'warn'],
      ['──', edge],
    ],
    width,
    theme,
  )
  return <Canvas lines={[line]} width={width} height={1} />
}

function NodesTable({width, height}: {width: number; height: number}) {
  const all = useUi(state => state.nodes)
  const view = useUi(state => state.nodesView)
  const nodes = useMemo(() => visibleNodes(all, view), [all, view])
  const selected = useUi(state => selectedNode(state)?.name)
  const rows = useMemo(() => {
    const at = Math.max(
      0,
      nodes.findIndex(node => node.name === selected),
    )
    const first = Math.max(0, Math.min(at - height + 1, nodes.length - height))
    return nodeRows(nodes.slice(first, first + height), selected, width)
  }, [nodes, selected, width, height])
  if (rows.length === 0) return <NoMatch width={width} />
  return <NodeTable rows={rows} width={width} />
}

/** As high as a table of one row. */
function NoMatch({width}: {width: number}) {
  const theme = useTheme()
  const said = paint([' no node has that text: ', ['esc', 'key'], ' shows all of them'], width, theme)
  return <Canvas lines={[said, ' '.repeat(width)]} width={width} height={2} />
}

function useBrokenPair(): PairStatus | undefined {
  const nodes = useUi(state => state.nodes)
  const pairs = useUi(state => state.pairs)
  const events = useUi(state => state.events)
  return useMemo(() => brokenPair({nodes, pairs, events}), [nodes, pairs, events])
}

function Banner({broken, area}: {broken: PairStatus; area: Area}) {
  const theme = useTheme()
  const advice = useUi(state => state.session.advice)
  return <Canvas lines={brokenPairBanner(broken, {advice, area}, theme)} {...area} />
}

function Middle({area: {width, height}}: {area: Area}) {
  if (height === 0) return null
  if (width < SIDE_BY_SIDE_COLUMNS) return <Topology area={{width, height}} />
  const [left, right] = halves(width)
  return (
    <Box>
      <Topology area={{width: left, height}} />
      <Details area={{width: right, height}} />
    </Box>
  )
}

function Topology({area}: {area: Area}) {
  const theme = useTheme()
  const tone = usePaneTone('topology')
  const nodes = useUi(state => state.nodes)
  const pairs = useUi(state => state.pairs)
  const events = useUi(state => state.events)
  const selected = useUi(state => selectedNode(state)?.name)
  const lines = useMemo(() => {
    const status = pairStatuses({pairs, nodes, events}).find(
      ({pair: {master, slave}}) => selected === master || selected === slave,
    )
    const find = (name: string | undefined) => nodes.find(node => node.name === name)
    const inPair = (name: string) => name === status?.pair.master || name === status?.pair.slave
    // Whoever dials in gets a full sync; of an empty one no log tells.
    const isCopy = ({kind, node}: NodeEvent) => (kind === 'fullSyncDone' || kind === 'linkUp') && inPair(node)
    const fullSyncAtMs = events.findLast(isCopy)?.atMs ?? null
    const data = {status, master: find(status?.pair.master), slave: find(status?.pair.slave), fullSyncAtMs}
    return topologyPane(data, area, theme, tone)
  }, [nodes, pairs, events, selected, area, theme, tone])
  return <Canvas lines={lines} {...area} />
}

/** The pane with the keys f and y has another edge. */
function usePaneTone(pane: NodesPane): Tone {
  return useUi(state => (state.nodesView.pane === pane ? 'focus' : 'border'))
}

function FullDetails({area}: {area: Area}) {
  const theme = useTheme()
  const node = useUi(selectedNode)
  const nowSeconds = useUi(state => Math.floor(state.nowMs / 1000))
  return <Canvas lines={fullDetailsPane(node, nowSeconds * 1000, area, theme)} {...area} />
}

function Details({area}: {area: Area}) {
  const theme = useTheme()
  const tone = usePaneTone('details')
  const node = useUi(selectedNode)
  // Whole seconds: the pane shows no less, and is drawn once a second.
  const nowSeconds = useUi(state => Math.floor(state.nowMs / 1000))
  return <Canvas lines={detailsPane({node, nowMs: nowSeconds * 1000, tone}, area, theme)} {...area} />
}

function Events({area}: {area: Area}) {
  const theme = useTheme()
  const events = useUi(state => state.events)
  const scroll = useUi(state => state.eventsScroll)
  const tone = usePaneTone('events')
  return <Canvas lines={eventsPane({events, scroll, tone}, area, theme)} {...area} />
}
