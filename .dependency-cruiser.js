import {readdirSync} from 'node:fs'

// Runs on the sources, types included: a type that is imported upwards ties two floors together as much as a value does.

const screenFloors = [['state'], ['view', 'overlays']]

/**
 * The floors of each folder, lowest first. A room imports rooms of lower floors only;
 * the rooms on one floor stand apart from each other.
 */
export const floors = {
  src: [['protocol'], ['ask'], ['server', 'telnet'], ['engine'], ['ui'], ['cli']],
  'src/server': [
    ['node-api'],
    ['stats', 'system'],
    ['embedded', 'parting', 'programs'],
    ['observe', 'process'],
    ['topology'],
  ],
  'src/telnet': [
    ['explain', 'transcript', 'verify'],
    ['keys', 'session'],
    ['pipe', 'replay'],
  ],
  'src/engine': [
    ['data'],
    ['plan', 'generator'],
    ['workload', 'verify'],
    ['measure'],
    ['lag', 'loop', 'mcperf'],
    ['check'],
    ['transfer'],
    ['result'],
    ['assertions', 'run'],
    ['drills'],
  ],
  'src/engine/check': [['items'], ['ledger']],
  'src/engine/transfer': [['items'], ['keys', 'dump'], ['sync']],
  'src/engine/drills': [['contract', 'failover'], ['judge'], ['each', 'runner']],
  'src/cli': [
    ['stdio'],
    ['app'],
    ['files', 'options'],
    ['load-settings'],
    ['documents'],
    ['history', 'probe-thread'],
    ['compare', 'rounds', 'profiles', 'drill-settings'],
    ['load', 'drill', 'transfer'],
    ['ui-host'],
    ['commands'],
  ],
  'src/cli/documents': [['phrases'], ['json'], ['text']],
  // Commands stand apart from each other.
  'src/cli/commands': [readdirSync('src/cli/commands')],
  'src/ui': [['draw', 'ports'], ['paint', 'node-view', 'run-view'], ['core'], ['overlays'], ['screens'], ['shell']],
  // So do screens.
  'src/ui/screens': [readdirSync('src/ui/screens')],
  ...Object.fromEntries(readdirSync('src/ui/screens').map(name => [`src/ui/screens/${name}`, screenFloors])),
  'src/ui/shell': [['commands'], ['palette', 'help'], ['keys'], ['frame']],
  'src/protocol': [['text'], ['binary', 'replication']],
  'src/server/embedded': [
    ['store'],
    ['node'],
    ['items', 'replies', 'stats', 'replication'],
    ['conversation'],
    ['meta'],
    ['text', 'binary'],
    ['clients'],
  ],
}

const floorRules = Object.entries(floors).flatMap(([folder, levels]) =>
  levels.flatMap((rooms, level) =>
    rooms.flatMap(room => {
      const forbidden = levels
        .slice(level)
        .flat()
        .filter(other => other !== room)
      if (forbidden.length === 0) return []
      return {
        name: `${folder}/${room}-imports-lower-floors-only`,
        severity: 'error',
        from: {path: `^${folder}/${room}/`},
        to: {path: `^${folder}/(${forbidden.join('|')})/`},
      }
    }),
  ),
)

export default {
  forbidden: [
    ...floorRules,
    {
      name: 'protocol-is-pure',
      comment: 'the protocol does no input or output',
      severity: 'error',
      from: {path: '^src/protocol/'},
      to: {dependencyTypes: ['core'], pathNot: '^(node:)?buffer$'},
    },
    {
      name: 'engine-knows-nodes-by-their-interface',
      comment: 'drills run against fakes, embedded nodes and real processes alike: the command line hands them over',
      severity: 'error',
      from: {path: '^src/engine/'},
      to: {path: '^src/server/', pathNot: '^src/server/node-api/'},
    },
    {
      name: 'engine-takes-types-of-nodes-only',
      severity: 'error',
      from: {path: '^src/engine/'},
      to: {path: '^src/server/', dependencyTypesNot: ['type-only']},
    },
    {
      name: 'ui-takes-types-only',
      comment:
        'what the UI shows comes in through its ports; servers, loads and sessions are started by the command line',
      severity: 'error',
      from: {path: '^src/ui/'},
      to: {path: '^src/(ask|server|engine|telnet)/', dependencyTypesNot: ['type-only']},
    },
    {
      name: 'react-only-in-ui',
      severity: 'error',
      from: {path: '^src/', pathNot: '^src/ui/'},
      to: {path: 'node_modules/(react|ink|ink-[^/]+|@alcalzone/ink-table)/'},
    },
    {name: 'no-circular', severity: 'error', from: {}, to: {circular: true}},
    {name: 'not-unresolvable', severity: 'error', from: {}, to: {couldNotResolve: true}},
  ],
  options: {
    // The compiler that dependency-cruiser would read types with is older than ours.
    parser: 'swc',
    tsPreCompilationDeps: true,
    doNotFollow: {path: 'node_modules'},
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
      extensions: ['.ts', '.tsx', '.js'],
    },
  },
}
