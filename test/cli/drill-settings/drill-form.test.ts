import {describe, expect, it} from 'vitest'
import {UsageError} from '../../../src/cli/app/errors.js'
import {drillForm, setupFromForm} from '../../../src/cli/drill-settings/drill-form.js'
import {drills} from '../../../src/engine/drills/each/registry.js'
import {assertionsOfForm} from '../../../src/ui/ports/drill-port.js'
import {runRepbench} from '../../helpers/run-repbench.js'

const named = (wanted: string) => drills.find(({name}) => name === wanted)!
const killMaster = named('kill-master')
const soak = named('soak')
const form = drillForm(killMaster)

describe('the form of a drill', () => {
  it.each(drills)('$name is as the command without options', drill => {
    const {values, problems, summary} = drillForm(drill).resolve({})
    expect(problems).toEqual({})
    expect(assertionsOfForm(values)).toEqual(drill.assertions)
    expect(summary).toBe(`repbench drill ${drill.name}`)
    expect(setupFromForm({}, drill)).toMatchObject({
      launch: {name: 'pair'},
      servers: null,
      timing: {beforeMs: 3000},
      extent: {durationMs: null, faults: null},
    })
  })

  it('names what is written wrong as the command line does', () => {
    const {problems} = form.resolve({rate: 'fast', hold: '2', 'assertion-1': 'rtoo<2s', topology: 'single'})
    expect(problems).toEqual({
      rate: "Expected a rate per second from 0 to 10m, such as 500 or 50k, got 'fast'",
      hold: "Expected a duration such as 500ms, 10s or 2m, got '2'",
      'assertion-1': "Expected a measure, got 'rtoo' (did you mean rto?)",
      topology: expect.stringMatching(/^Expected one of pair, repcached/),
    })
    expect(() => setupFromForm({rate: 'fast'}, killMaster)).toThrow(UsageError)
  })

  it('changes, adds and drops assertions', () => {
    const more = `assertion-${killMaster.assertions.length + 1}`
    const given = {'assertion-1': 'rto<800ms', 'assertion-2': 'off', [more]: 'p99.after<50ms'}
    const assertions = ['rto<800ms', ...killMaster.assertions.slice(2), 'p99.after<50ms']
    expect(setupFromForm(given, killMaster).assertions.map(({expr}) => expr)).toEqual(assertions)
    expect(form.resolve(given).summary).toBe(
      `repbench drill kill-master ${assertions.map(expr => `--assert '${expr}'`).join(' ')}`,
    )
  })

  it('says how the same drill is run without the screen', () => {
    const given = {topology: 'mixed', resilient: 'yes', rate: '20k', hold: '500ms'}
    expect(form.resolve(given).summary).toBe(
      'repbench drill kill-master --topology mixed --resilient --rate 20k --hold 500ms',
    )
    expect(setupFromForm(given, killMaster)).toMatchObject({
      launch: {name: 'mixed', tuning: {resilient: true}},
      plan: {ratePerSecond: 20_000},
      timing: {beforeMs: 3000, holdMs: 500},
    })
  })

  it('shows the figures of the client policy that is chosen', () => {
    const given = {'client-policy': 'pymemcache', retries: '5'}
    const {values, problems, summary} = form.resolve(given)
    expect(problems).toEqual({})
    expect(values).toMatchObject({timeout: 'none', 'connect-timeout': 'none', retries: '5', 'retry-delay': '1000ms'})
    expect(summary).toBe('repbench drill kill-master --client-policy pymemcache --retries 5')
    expect(setupFromForm(given, killMaster).plan).toMatchObject({clientPolicy: 'pymemcache', retries: 5, keyServers: 2})
  })

  it('has every option that repbench drill has for one drill, of soak its faults as well', async () => {
    const {stdout} = await runRepbench(['drill', '--help'])
    const options = [...stdout.toString().matchAll(/^ {2}--([a-z-]+)/gm)].map(([, name]) => name!)
    const labels = new Set(drillForm(soak).fields.map(({label}) => label))
    // Assertions are fields of their own; running servers are chosen by what the screen shows.
    // A report on the screen is kept as a file: json and out are what the history has.
    const elsewhere = ['list', 'server', 'assert', 'json', 'out']
    expect(options.filter(name => !labels.has(name))).toEqual(elsewhere)
    expect(form.fields.map(({name}) => name)).not.toContain('faults')
  })

  it('says for how long or how many faults a soak goes on, and how clients fail over', () => {
    const given = {duration: '90s', faults: '3', seed: '7', retries: '2', 'switch-back': 'never'}
    expect(setupFromForm(given, soak)).toMatchObject({
      extent: {durationMs: 90_000, faults: 3},
      plan: {seed: 7, retries: 2, switchBackMs: null},
    })
    expect(drillForm(soak).resolve(given).summary).toBe(
      'repbench drill soak --duration 90s --faults 3 --seed 7 --retries 2 --switch-back never',
    )
    expect(setupFromForm({'connect-timeout': '200ms', 'retry-delay': '1s'}, killMaster).plan).toMatchObject({
      connectTimeoutMs: 200,
      retryDelayMs: 1000,
    })
  })

  it('is run several times, and writes down what it finds', () => {
    expect(setupFromForm({}, killMaster)).toMatchObject({repeat: 1, findings: null})
    const given = {repeat: '5', findings: 'found.jsonl'}
    expect(setupFromForm(given, killMaster)).toMatchObject({repeat: 5, findings: 'found.jsonl'})
    expect(form.resolve(given).summary).toBe('repbench drill kill-master --repeat 5 --findings found.jsonl')
    expect(form.resolve({repeat: '0'}).problems).toEqual({
      repeat: "Expected a number of repetitions from 1 to 1000, got '0'",
    })
  })

  it('sets up the nodes of the pair as the command line does', () => {
    const given = {memory: '32', 'node-args': 's1=-vv -r', 'one-address': 'yes'}
    expect(setupFromForm(given, killMaster).launch).toMatchObject({
      hosts: ['127.0.0.1'],
      tuning: {memoryMegabytes: 32},
      nodeArgsOf: {s1: ['-vv', '-r']},
    })
    expect(form.resolve(given).summary).toBe(
      "repbench drill kill-master --one-address --memory 32 --node-args 's1=-vv -r'",
    )
    expect(form.resolve({topology: 'repcached', resilient: 'yes'}).problems).toHaveProperty('resilient')
    expect(drillForm(named('cut-link')).resolve({port: '12000'}).problems).toEqual({
      port: 'Expected cut-link without addresses and ports: its link runs through a relay',
    })
  })

  it('takes a running pair instead, which is as it is', () => {
    const given = {servers: '127.0.0.1:11211 127.0.0.2:11213'}
    const calm = named('calm')
    expect(setupFromForm(given, calm).servers).toEqual([
      {host: '127.0.0.1', port: 11_211},
      {host: '127.0.0.2', port: 11_213},
    ])
    expect(drillForm(calm).resolve(given).summary).toBe(
      'repbench drill calm --server 127.0.0.1:11211 --server 127.0.0.2:11213',
    )
    expect(Object.keys(drillForm(calm).resolve({...given, topology: 'mixed', memory: '64'}).problems)).toEqual([
      'topology',
      'memory',
    ])
  })

  it('wants to be judged by something', () => {
    const off = Object.fromEntries(killMaster.assertions.map((_, index) => [`assertion-${index + 1}`, 'off']))
    expect(form.resolve(off).problems).toEqual({'assertion-1': expect.stringContaining('at least one assertion')})
  })
})
