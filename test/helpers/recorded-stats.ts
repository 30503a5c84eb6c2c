import {readFileSync} from 'node:fs'

type Recorded = Readonly<
  Record<'stats' | 'stats items' | 'stats slabs' | 'stats settings' | 'stats repbench' | 'memcached-tool', string>
>

/** What each program answered, and what memcached-tool printed of it. */
export function recordedStats(): Readonly<Record<'memcached-1.6.18' | 'repcached-2.3.1' | 'embedded', Recorded>> {
  return JSON.parse(readFileSync(new URL('../fixtures/node-stats.json', import.meta.url), 'utf8'))
}

export function linesOf(reply: string): string[] {
  return reply.trimEnd().split('\r\n')
}
