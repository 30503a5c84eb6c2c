import {execFile} from 'node:child_process'
import {promisify} from 'node:util'
import {beforeAll, describe, expect, it, test} from 'vitest'
import {drills} from '../../../../src/engine/drills/each/registry.js'
import {profiles} from '../../../../src/engine/plan/profiles/registry.js'
import {runRepbench} from '../../../helpers/run-repbench.js'

const run = promisify(execFile)
const scriptFor = async (shell: string) => (await runRepbench(['completion', shell])).stdout.toString()

describe('completion in bash', () => {
  let script = ''
  beforeAll(async () => {
    script = await scriptFor('bash')
  })

  /** What bash would offer for the last word. */
  async function complete(...words: readonly string[]): Promise<readonly string[]> {
    const ask = `${script}\nCOMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _repbench; printf '%s\\n' "\${COMPREPLY[@]}"`
    const {stdout, stderr} = await run('bash', ['-c', ask, 'bash', ...words])
    expect(stderr).toBe('')
    return stdout.split('\n').filter(Boolean)
  }

  it('offers commands, and the options of the UI', async () => {
    expect(await complete('repbench', 'd')).toEqual(['diff', 'dump', 'drill', 'doctor'])
    expect(await complete('repbench', '--r')).toEqual(['--readonly'])
    expect(await complete('repbench', '--theme', '')).toEqual(['dark', 'light', 'mono'])
  })

  it('offers drills and profiles by name', async () => {
    expect(await complete('repbench', 'drill', '')).toEqual(drills.map(({name}) => name))
    expect(await complete('repbench', 'load', '--profile', 's')).toEqual(
      expect.arrayContaining(profiles.map(({plan}) => plan.name).filter(name => name.startsWith('s'))),
    )
    expect(await complete('repbench', 'profiles', 'mixed')).toEqual(['mixed-90-10'])
  })

  it('offers the options of the command, and the values of an option', async () => {
    expect(await complete('repbench', 'drill', 'kill-master', '--s')).toEqual([
      '--server',
      '--sizes',
      '--seed',
      '--switch-back',
      '--settle',
    ])
    expect(await complete('repbench', 'drill', '--topology', 'mixed')).toEqual(['mixed', 'mixed-reverse'])
    expect(await complete('repbench', 'load', '--method', 'g')).toEqual(['get', 'gets'])
    expect(await complete('repbench', 'load', '--rate', '')).toEqual([])
    expect(await complete('repbench', 'load', '--backend', '=', 'e')).toEqual(['embedded'])
    expect(await complete('repbench', 'load', '--backend', '=')).toEqual(['embedded', 'memcached', 'repcached'])
  })

  it('takes the value of an option for no command', async () => {
    expect(await complete('repbench', '--server', 'load', '--th')).toEqual(['--theme'])
    expect(await complete('repbench', 'up', 'mixed')).toEqual(['mixed', 'mixed-reverse'])
  })

  it('offers files where one is asked for', async () => {
    expect(await complete('repbench', 'load', '--out', 'package.j')).toEqual(['package.json'])
  })
})

test.each(['zsh', 'fish'])('the script for %s names commands, drills and values', async shell => {
  const script = await scriptFor(shell)
  for (const word of ['kill-master', 'mixed-90-10', 'libmemcached', 'doctor']) expect(script).toContain(word)
  expect(script).toContain(shell === 'zsh' ? '--client-policy:client library' : '-l client-policy -x')
})

test('another shell is refused', async () => {
  const {code, stderr} = await runRepbench(['completion', 'tcsh'])
  expect(code).toBe(2)
  expect(stderr).toContain('bash, zsh, fish')
})
