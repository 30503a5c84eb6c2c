import {expect, test} from 'vitest'
import {drillPlaces, whyNot} from '../../../../src/engine/drills/contract/drill-targets.js'
import {drills} from '../../../../src/engine/drills/each/registry.js'

/** Every reason once, with the mark that stands for it. */
const reasons = [
  ...new Set(drills.flatMap(drill => drillPlaces.map(place => whyNot(drill, place)).filter(reason => reason !== null))),
]

function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map(row => row[column]!.length)))
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`
  const [head, ...body] = rows
  return [line(head!), line(widths.map(width => '-'.repeat(width))), ...body.map(line)].join('\n')
}

const matrix = table([
  ['drill', ...drillPlaces.map(({options}) => (options.startsWith('-') ? `\`${options}\`` : options))],
  ...drills.map(drill => [
    drill.name,
    ...drillPlaces.map(place => {
      const reason = whyNot(drill, place)
      return reason === null ? 'yes' : `no (${reasons.indexOf(reason) + 1})`
    }),
  ]),
])

const page = `# The drills

What \`repbench drill NAME\` rehearses. \`docs/failover.md\` says how a drill goes and what is measured. This page is made from
the registry: \`npx vitest run test/engine/drills/each/drills-page.test.ts -u\`.

## Where each can be run

${matrix}

${reasons.map((reason, index) => `${index + 1}. ${reason[0]!.toUpperCase()}${reason.slice(1)}.`).join('\n')}

soak draws the faults of the link only where a relay is between the nodes: not with \`--one-address\`, \`--address\`, \`--port\` or
\`--crossed-ports\`. concurrent-writers slows the link there, so that the writes surely cross. \`--resilient\` goes with
embedded nodes only.

${drills
  .map(
    ({name, summary, budgets, advice, prevention}) =>
      `## ${name}\n\n${summary[0]!.toUpperCase()}${summary.slice(1)}${summary.endsWith('?') ? '' : '.'}\n\n` +
      `Budgets: ${budgets.map(budget => `\`${budget}\``).join(', ')}\n\nIf the pair is not whole again: ${advice}` +
      (prevention === undefined ? '' : `\n\nWhat prevents it: ${prevention}`),
  )
  .join('\n\n')}
`

test('docs/drills.md is what the registry says', async () => {
  await expect(page).toMatchFileSnapshot('../../../../docs/drills.md')
})
