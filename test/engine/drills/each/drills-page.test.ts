import {expect, test} from 'vitest'
import {drillTargets, whyNot} from '../../../../src/engine/drills/contract/drill-targets.js'
import {drills} from '../../../../src/engine/drills/each/registry.js'

/** Every reason once; the matrix shows its number. */
const reasons = [
  ...new Set(
    drills.flatMap(drill => drillTargets.map(target => whyNot(drill, target)).filter(reason => reason !== null)),
  ),
]

function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map(row => row[column]!.length)))
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`
  const [head, ...body] = rows
  return [line(head!), line(widths.map(width => '-'.repeat(width))), ...body.map(line)].join('\n')
}

const matrix = table([
  ['drill', ...drillTargets.map(({options}) => (options.startsWith('-') ? `\`${options}\`` : options))],
  ...drills.map(drill => [
    drill.name,
    ...drillTargets.map(target => {
      const reason = whyNot(drill, target)
      return reason === null ? 'yes' : `no (${reasons.indexOf(reason) + 1})`
    }),
  ]),
])

const page = `# The drills

What \`repbench drill NAME\` does. \`docs/failover.md\` explains the steps of a drill and what it measures. This page is made from
the registry: \`npx vitest run test/engine/drills/each/drills-page.test.ts -u\`.

## Where each drill can run

${matrix}

${reasons.map((reason, index) => `${index + 1}. ${reason[0]!.toUpperCase()}${reason.slice(1)}.`).join('\n')}

soak draws faults of the link only when a relay is between the nodes: not with \`--one-address\`, \`--address\`, \`--port\` or
\`--crossed-ports\`. concurrent-writers slows the link through the relay, so that the writes surely cross. \`--resilient\` is for
embedded nodes only.

${drills
  .map(
    ({name, summary, assertions, advice, prevention}) =>
      `## ${name}\n\n${summary[0]!.toUpperCase()}${summary.slice(1)}${summary.endsWith('?') ? '' : '.'}\n\n` +
      `Assertions: ${assertions.map(expr => `\`${expr}\``).join(', ')}\n\nIf the pair does not recover: ${advice}` +
      (prevention === undefined ? '' : `\n\nPrevention: ${prevention}`),
  )
  .join('\n\n')}
`

test('docs/drills.md is what the registry says', async () => {
  await expect(page).toMatchFileSnapshot('../../../../docs/drills.md')
})
