import {mkdtemp, readFile, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {beforeEach, describe, expect, test} from 'vitest'
import {runDocumentSchema} from '../../../../src/cli/documents/json/run-json.js'
import {runRepbench} from '../../../helpers/run-repbench.js'

let state: string

beforeEach(async () => {
  state = await mkdtemp(join(tmpdir(), 'repbench-check-'))
  return () => rm(state, {recursive: true})
})

const load = (...args: string[]) => runRepbench(['load', ...args], {env: {XDG_STATE_HOME: state}})

describe('a load with verification', () => {
  test('reads every key from both nodes of a pair in the end', async () => {
    const {code, stdout, stderr} = await load('--verify', '--keys', '500', '--duration', '500ms', '--prefill')
    expect(stdout.toString()).toMatch(/^nodes {10}500 of 500 keys correct on both m1 and s1 \(read in/m)
    expect(stderr.toString()).toContain('checking the nodes  500 of 500 keys\n')
    expect(code).toBe(0)
  })

  test('tells what a node evicted from what it lost, and writes each key to --findings', async () => {
    const path = join(state, 'findings.jsonl')
    const settings = '--topology single --memory 2 --verify --keys 2000 --sizes d3000 --method set --prefill --json'
    const {code, stdout} = await load(
      ...settings.split(' '),
      ...['--duration', '100ms', '--findings', path, '--assert', 'pair.evicted>100', '--assert', 'pair.lost==0'],
    )
    const {consistency, assertions} = runDocumentSchema.parse(JSON.parse(stdout.toString()))
    const lines = (await readFile(path, 'utf8')).trim().split('\n')
    expect(assertions.map(({verdict}) => verdict)).toEqual(['pass', 'pass'])
    expect(lines).toHaveLength(consistency!.evicted)
    expect(JSON.parse(lines[0]!)).toEqual({
      key: expect.stringMatching(/[0-9a-f]{8}$/),
      kind: 'evicted',
      text: expect.stringMatching(/^acknowledged version 1 of 1 sent; n1 has nothing$/),
    })
    expect(consistency!.nodes).toEqual(['n1'])
    expect(code).toBe(0)
  })

  test('and does not with --no-check', async () => {
    const {stdout} = await load('--verify', '--no-check', '--keys', '100', '--duration', '100ms', '--json')
    expect(JSON.parse(stdout.toString())).toMatchObject({consistency: null, checkProblem: null, verdict: 'pass'})
  })

  test('--findings needs it', async () => {
    const {code, stderr} = await load('--findings', join(state, 'x'))
    expect(stderr.toString()).toContain('Expected --findings with --verify, got it without')
    expect(code).toBe(2)
  })
})
