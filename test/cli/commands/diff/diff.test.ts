import {mkdtemp, readFile, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {formatAddress} from '../../../../src/protocol/address.js'
import {ask} from '../../../helpers/ask.js'
import {startEmbedded} from '../../../helpers/embedded.js'
import {runRepbench} from '../../../helpers/run-repbench.js'
import {BinaryClient} from '../../../instruments/binary-client.js'

async function twoNodes() {
  const {address: a} = await startEmbedded()
  const {address: b} = await startEmbedded()
  for (const node of [a, b]) await ask(node, 'set k1 0 0 3\r\nabc')
  return {a, b, args: ['diff', formatAddress(a), formatAddress(b), '--settle', '10ms']}
}

describe('repbench diff', () => {
  test('passes nodes that agree', async () => {
    const {args} = await twoNodes()
    const {code, stdout} = await runRepbench(args)
    expect(stdout.toString()).toContain('verdict        pass\n')
    expect(code).toBe(0)
  })

  test('names what differs, on paper and in a file', async () => {
    const {a, args} = await twoNodes()
    await ask(a, 'set k2 7 0 3\r\nxyz')
    const out = join(await mkdtemp(join(tmpdir(), 'repbench-diff-')), 'differences.jsonl')
    const {code, stdout} = await runRepbench([...args, '--out', out])
    expect(stdout.toString()).toContain("  k2  missing on B: only on A: 3 bytes 'xyz'\n")
    expect(code).toBe(1)
    expect(JSON.parse(await readFile(out, 'utf8'))).toMatchObject({key: 'k2', kind: 'missingOnB'})

    const json = await runRepbench([...args, '--json'])
    expect(JSON.parse(json.stdout.toString())).toMatchObject({
      schema: 'repbench.diff/1',
      verdict: 'fail',
      result: {keys: 2, same: 1, differences: {missingOnB: 1}},
    })
    expect(json.code).toBe(1)
  })

  test('shows keys as UTF-8, with control characters escaped', async () => {
    const {a, args} = await twoNodes()
    const client = await BinaryClient.open(a)
    for (const key of ['ünï☃', 'cr\r\nlf']) await client.set(key, 'x')
    client.close()
    const out = join(await mkdtemp(join(tmpdir(), 'repbench-diff-')), 'differences.jsonl')
    const {code, stdout} = await runRepbench([...args, '--out', out])
    expect(stdout.toString()).toContain("  ünï☃  missing on B: only on A: 1 byte 'x'\n")
    expect(stdout.toString()).toContain("  cr\\x0d\\x0alf  missing on B: only on A: 1 byte 'x'\n")
    expect(code).toBe(1)
    const shown = ['cr\\x0d\\x0alf', 'ünï☃']
    const lines = (await readFile(out, 'utf8')).trimEnd().split('\n')
    expect(lines.map(line => JSON.parse(line).key).toSorted()).toEqual(shown)
    const {result} = JSON.parse((await runRepbench([...args, '--json'])).stdout.toString())
    expect(result.examples.map(({key}: {key: string}) => key).toSorted()).toEqual(shown)
  })

  test('compares the keys that it is given', async () => {
    const {a, args} = await twoNodes()
    await ask(a, 'set k2 0 0 3\r\nxyz')
    const keys = join(await mkdtemp(join(tmpdir(), 'repbench-diff-')), 'keys.txt')
    await writeFile(keys, 'k1\nabsent\n')
    const {code, stdout} = await runRepbench([...args, '--keys', keys])
    expect(stdout.toString()).toContain('on neither     1\n')
    expect(code).toBe(0)
    const piped = await runRepbench([...args, '--keys', '-'], {input: 'k2\nk1\n'})
    expect(piped.stdout.toString()).toContain('missing on B   1\n')
    expect(piped.code).toBe(1)
  })

  test('cannot tell where a node does not answer', async () => {
    const {a} = await twoNodes()
    const {code, stdout} = await runRepbench(['diff', formatAddress(a), '127.0.0.1:1'])
    expect(stdout.toString()).toContain(
      'Expected a server at 127.0.0.1:1, got a refused connection: nothing listens there',
    )
    expect(code).toBe(3)
  })

  test.each([
    [['diff', '127.0.0.1:1'], "missing required argument 'B'"],
    [['diff', '127.0.0.1:x', '127.0.0.1:1'], "got '127.0.0.1:x'"],
    [['diff', '127.0.0.1:1', '127.0.0.1:1'], 'Expected two different nodes'],
    [['diff', '127.0.0.1:1', '127.0.0.1:2', '--keys', '/dev/null'], 'Expected keys, one a line, got none'],
    [['diff', '127.0.0.1:1', '127.0.0.1:2', '--keys', '/nowhere/keys'], 'Expected a readable --keys file'],
    [['diff', '127.0.0.1:1', '127.0.0.1:2', '--out', '/nowhere/out'], 'Expected a writable --out file'],
  ])('wrong input is one line: %j', async (args, message) => {
    const {code, stderr} = await runRepbench(args)
    expect(stderr).toContain(message)
    expect(stderr.trimEnd().split('\n')).toHaveLength(1)
    expect(code).toBe(2)
  })
})
