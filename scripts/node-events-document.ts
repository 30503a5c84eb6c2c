import {type EventAdvice, eventAdvice} from '../src/server/node-api/event-advice.js'

const intro = `# What happens to nodes

Made from \`src/server/node-api/event-advice.ts\` by \`npx vitest run test/server/node-api/event-advice.test.ts -u\`.

repbench reads the log of every node that it starts, and watches its process. What it sees becomes an event: printed by
\`repbench up\`, shown on the Nodes screen, kept on the timeline of a run. **!!** is an alarm, **!** a warning. Lines of
logs are repcached's; they go to stderr and need \`-v\`, which repbench gives.`

/** docs/node-events.md: the table of events for readers. A test holds the file to it. */
export function nodeEventsMarkdown(): string {
  const sections = Object.entries(eventAdvice).map(([kind, advice]) => section(kind, advice))
  return `${[intro, ...sections].join('\n\n')}\n`
}

const marks = {info: '', warning: '! ', alarm: '!! '} as const

function section(kind: string, {weight, meaning, advice, logLine}: EventAdvice): string {
  return [
    `## ${marks[weight]}${kind}`,
    ...(logLine === undefined ? [] : [`Log: \`${logLine}\``]),
    meaning,
    ...(advice === null ? [] : [`**What to do:** ${advice}`]),
  ].join('\n\n')
}
