import {expect, test} from 'vitest'
import {drills} from '../../../src/engine/drills/registry.js'

const page = `# The drills

What \`repbench drill NAME\` rehearses. \`docs/failover.md\` says how a drill goes and what is measured. This page is made from
the registry: \`npx vitest run test/engine/drills/drills-page.test.ts -u\`.

${drills
  .map(
    ({name, summary, budgets, advice}) =>
      `## ${name}\n\n${summary[0]!.toUpperCase()}${summary.slice(1)}.\n\n` +
      `Budgets: ${budgets.map(budget => `\`${budget}\``).join(', ')}\n\nIf the pair is not whole again: ${advice}`,
  )
  .join('\n\n')}
`

test('docs/drills.md is what the registry says', async () => {
  await expect(page).toMatchFileSnapshot('../../../docs/drills.md')
})
