// Runs on dist/: type-only imports have vanished there, so every rule is a plain "A must not reach B".
const above = {
  protocol: ['ask', 'server', 'engine', 'telnet', 'ui', 'cli'],
  ask: ['server', 'engine', 'telnet', 'ui', 'cli'],
  server: ['engine', 'telnet', 'ui', 'cli'],
  engine: ['server', 'telnet', 'ui', 'cli'],
  telnet: ['server', 'engine', 'ui', 'cli'],
  ui: ['server', 'engine', 'telnet', 'cli'],
}

export default {
  forbidden: [
    ...Object.entries(above).map(([from, to]) => ({
      name: `${from}-imports-down-only`,
      severity: 'error',
      from: {path: `^dist/${from}/`},
      to: {path: `^dist/(${to.join('|')})/`},
    })),
    {
      name: 'protocol-is-pure',
      comment: 'the protocol does no input or output',
      severity: 'error',
      from: {path: '^dist/protocol/'},
      to: {dependencyTypes: ['core'], pathNot: '^(node:)?buffer$'},
    },
    {
      name: 'react-only-in-ui',
      severity: 'error',
      from: {path: '^dist/', pathNot: '^dist/ui/'},
      to: {path: 'node_modules/(react|ink|ink-[^/]+|@alcalzone/ink-table)/'},
    },
    {name: 'no-circular', severity: 'error', from: {}, to: {circular: true}},
    {name: 'not-unresolvable', severity: 'error', from: {}, to: {couldNotResolve: true}},
  ],
  options: {
    doNotFollow: {path: 'node_modules'},
    // React's JSX runtime has no place in the folders below the UI.
    exclude: {path: '\\.map$'},
    enhancedResolveOptions: {exportsFields: ['exports'], conditionNames: ['import', 'node', 'default']},
  },
}
