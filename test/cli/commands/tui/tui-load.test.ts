import {mkdtempSync, readFileSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterEach, describe, expect, it} from 'vitest'
import {fillField, markField} from '../../../helpers/mark-field.js'
import {runRepbench} from '../../../helpers/run-repbench.js'
import {keys, Terminal} from '../../../helpers/tui-terminal.js'

const terminals: Terminal[] = []
const directories: string[] = []

afterEach(async () => {
  await Promise.all(terminals.splice(0).map(terminal => terminal.close()))
  for (const directory of directories.splice(0)) rmSync(directory, {recursive: true})
})

/** The Load screen of a pair, in an empty working directory. */
async function openLoad(): Promise<{terminal: Terminal; cwd: string}> {
  const cwd = mkdtempSync(join(tmpdir(), 'repbench-test-'))
  directories.push(cwd)
  const terminal = new Terminal({args: ['--pair'], columns: 80, rows: 24, cwd})
  terminals.push(terminal)
  await terminal.until('● paired')
  terminal.type('2')
  await terminal.until(/> smoke/)
  return {terminal, cwd}
}

describe('the Load screen', () => {
  it('edits a profile, says what is wrong as it is typed, saves it for the command line, and runs it', async () => {
    const {terminal, cwd} = await openLoad()
    terminal.type('e')
    await terminal.until(/Run smoke[\s\S]*> target +‹ m1 ›/)
    await markField(terminal, 'rate')
    terminal.type('x')
    await terminal.until(/> rate +\*2kx +✖ Expected a rate[\s\S]*such as 500 or 50k, got '2kx'/)
    terminal.type(keys.enter)
    await terminal.until('Fix the fields marked ✖ first')
    terminal.type(`${keys.ctrl('u')}1500`)
    await terminal.until(/✓ ─┐[\s\S]*= open loop 1,500 op\/s/)
    await markField(terminal, 'duration')
    terminal.type(`${keys.ctrl('u')}1s`)
    await terminal.until(/> duration +\*1s /)
    terminal.type(keys.ctrl('s'))
    await terminal.until(/> file +my-smoke\.yaml[\s\S]*= repbench load --profile \.\/my-smoke\.yaml/)
    terminal.type(keys.enter)
    await terminal.until(/> \.\/my-smoke\.yaml[\s\S]*saved: repbench load --profile \.\/my-smoke\.yaml/)
    expect(readFileSync(join(cwd, 'my-smoke.yaml'), 'utf8')).toBe(
      '# repbench load --profile ./my-smoke.yaml\nextends: smoke\nrate: 1.5k\nduration: 1s\n',
    )
    terminal.type('e')
    await terminal.until('Run ./my-smoke.yaml')
    await fillField(terminal, 'assert', 'p99<60s errors==0')
    terminal.type(keys.enter)
    await terminal.until(/Run #1 \.\/my-smoke\.yaml (ENDED|RUNNING|DRAINING|CONNECTING)/)
    await terminal.until(
      /ENDED pass[\s\S]*✓ p99<60s \([\s\S]*✓ errors==0 \(0\)[\s\S]*saved to [\s\S]*first run of this name/,
    )
    const {stdout} = await runRepbench(['profiles', join(cwd, 'my-smoke.yaml'), '--json'])
    expect(JSON.parse(stdout.toString()).profiles[0].settings).toMatchObject({rate: '1.5k', duration: '1s'})
  })

  it('changes the rate while it runs, marks that on the charts, and compares with the run before', async () => {
    const {terminal} = await openLoad()
    terminal.type('e')
    await markField(terminal, 'duration')
    terminal.type(`${keys.ctrl('u')}4s${keys.enter}`)
    await terminal.until(/RUNNING[\s\S]*open loop 2,000 op\/s/)
    terminal.type('+')
    await terminal.until(/open loop 2,500 op\/s[\s\S]*└─+▲─[\s\S]*▲ 00:0\d rate 2,000 → 2,500 op\/s/)
    terminal.type('l<')
    await terminal.until(/window 30 s {2}log/)
    await terminal.until(/ENDED pass[\s\S]*nothing to compare with/)
    terminal.type('b')
    await terminal.until(/Run #2 smoke ENDED pass[\s\S]*vs run #1: rate [\s\S]*\(differs: rate/)
    terminal.type('+')
    await terminal.until('No load runs')
  })

  it('says that the target died, what calls failed of, and what was not crossed', async () => {
    const {terminal} = await openLoad()
    terminal.type('e')
    await markField(terminal, 'duration')
    terminal.type(`${keys.ctrl('u')}60s`)
    await markField(terminal, 'reconnect')
    terminal.type(`${keys.right}${keys.enter}`)
    await terminal.until(/RUNNING[\s\S]*lag m1→s1/)
    terminal.type('1')
    await terminal.until('[1 Nodes]')
    terminal.type('x')
    await terminal.until('[> No ]')
    terminal.type('y')
    await terminal.until(/m1 .*DEAD/)
    terminal.type('2')
    await terminal.until(/m1 is DEAD +calls fail; 1 then r starts it again[\s\S]*✖ 00:\d\d /)
    terminal.type('b')
    await terminal.until(/ENDED unknown[\s\S]*lost with their connection \d+/)
  })
})
