import {mkdtemp, readdir, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterEach, beforeEach, expect, it} from 'vitest'
import {Terminal} from '../../../helpers/tui-terminal.js'

let home: string
let terminal: Terminal | undefined

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'repbench-newcomer-'))
})

afterEach(async () => {
  await terminal?.close()
  await rm(home, {recursive: true})
})

it('shows a newcomer a pair that replicates under load, with three keys and nothing but Node.js', async () => {
  const nothing = {HOME: home, PATH: '', XDG_CONFIG_HOME: '', MEMCACHED_BIN: '', REPCACHED_BIN: ''}
  terminal = new Terminal({cwd: home, env: nothing})
  await terminal.until(/n\s+launches an embedded/)
  terminal.type('n')
  await terminal.until('● paired')
  terminal.type('2')
  await terminal.until(/b starts smoke against m1/)
  terminal.type('b')
  // Calls are answered, and what one node took is seen on the other.
  await terminal.until(/^.* ● [\d.]+k? op\/s +p99 [\d.]+ ms +● paired\n[\s\S]*RUNNING[\s\S]*lag m1→s1 +\d+\.\d+/)
  await terminal.until(/ENDED[\s\S]*saved to /)
  // A dot directory may hold compiled code; nothing else is left lying about.
  expect((await readdir(home)).filter(name => !name.startsWith('.'))).toEqual([])
})
