import {expect, it} from 'vitest'
import {isReadOnlyLine} from '../../../../src/ui/screens/console/state/read-only-line.js'

it.each(['get a b', 'stats', 'stats slabs', 'mg a v k t', 'mn', 'me a', 'lru_crawler metadump all', 'version'])(
  '%j only looks',
  line => expect(isReadOnlyLine(line)).toBe(true),
)

it.each([
  ...['set a 0 0 1', 'stats reset', 'stats detail on', 'mg a v N30', 'mg a T5', 'mg a R10', 'ms a 1', 'gat 5 a'],
  ...['lru_crawler crawl all', 'flush_all', '', 'GET a'],
])('%j may change something', line => expect(isReadOnlyLine(line)).toBe(false))
