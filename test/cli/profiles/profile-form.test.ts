import {mkdtemp, readFile, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {describe, expect, it} from 'vitest'
import {UsageError} from '../../../src/cli/app/errors.js'
import {loadOptions, settingNames} from '../../../src/cli/load-settings/load-options.js'
import {readAssertions, readReportFields} from '../../../src/cli/load-settings/report-options.js'
import {findProfileAndBase} from '../../../src/cli/profiles/find-profile.js'
import {formValues, planFromForm, profileForm} from '../../../src/cli/profiles/profile-form.js'
import {profileText, writeProfile} from '../../../src/cli/profiles/write-profile.js'
import {profiles} from '../../../src/engine/plan/profiles/registry.js'

const cpuCount = 4
const named = (name: string) => profiles.find(({plan}) => plan.name === name)!.plan
const smoke = named('smoke')
const form = profileForm({base: smoke, cpuCount})

describe('the form of a profile', () => {
  it('has every setting of the command line, under its name', () => {
    expect(form.fields.map(({name}) => name)).toEqual([
      ...[...settingNames, 'assert'],
      ...['repeat', 'check', 'findings', 'hgrm'],
    ])
    expect(form.fields.find(({name}) => name === 'method')?.choices).toContain('gets')
    expect(form.fields.find(({name}) => name === 'verify')?.choices).toEqual(['off', 'on'])
  })

  it('shows the profile, and is without fault', () => {
    const {values, problems, summary} = form.resolve({})
    expect(values).toMatchObject({rate: '2k', mix: 'set:1,get:1', duration: '3s', ttl: '0s', verify: 'off'})
    expect(values).not.toHaveProperty('calls')
    expect(problems).toEqual({})
    expect(summary).toContain('open loop 2,000 op/s · 10 connections')
  })

  it.each(settingNames)('refuses rubbish in %s with the words of the command line', name => {
    const {read} = loadOptions[name]
    if (read === undefined || name === 'prefix') return
    const {problems} = form.resolve({[name]: 'rub bish'})
    expect(() => read('rub bish')).toThrow(problems[name])
  })

  it('shows what else a change brings about', () => {
    expect(form.resolve({calls: '10'}).values).not.toHaveProperty('duration')
    const ramp = form.resolve({ramp: '1k..9k/10s'})
    expect(ramp.problems).toEqual({})
    expect(ramp.values).not.toHaveProperty('rate')
    expect(form.resolve({rate: '0'}).values).toMatchObject({pipeline: '1'})
  })

  it('says which setting does not go with the others', () => {
    expect(form.resolve({calls: '10', duration: '5s'}).problems).toEqual({
      duration: 'Expected either calls or duration, got both: both say how long',
    })
    expect(form.resolve({threads: '20'}).problems).toHaveProperty('threads')
    expect(Object.values(form.resolve({rate: 'x', conns: 'y'}).problems)).toHaveLength(2)
  })

  it('takes conditions as --assert does, which are no part of the load', () => {
    expect(form.resolve({assert: 'p99<2ms  errors==0'}).problems).toEqual({})
    expect(form.resolve({assert: 'p99<2ms eror==0'}).problems).toEqual({
      assert: expect.stringMatching(/Expected a measure/),
    })
    expect(readAssertions({assert: ' p99<2ms errors==0 '}).map(({expr}) => expr)).toEqual(['p99<2ms', 'errors==0'])
    expect(readAssertions({})).toEqual([])
    expect(planFromForm({assert: 'p99<2ms'}, {base: smoke, cpuCount})).toEqual(smoke)
  })

  it('takes what is wanted of the report, which is no part of the load either', () => {
    expect(form.resolve({}).values).toMatchObject({repeat: '1', check: 'on'})
    expect(form.resolve({repeat: 'often'}).problems).toEqual({
      repeat: "Expected a number of runs from 1 to 1000, got 'often'",
    })
    expect(form.resolve({findings: 'f.jsonl'}).problems).toHaveProperty('findings')
    expect(form.resolve({findings: 'f.jsonl', verify: 'on', check: 'off'}).problems).toHaveProperty('findings')
    expect(form.resolve({findings: 'f.jsonl', verify: 'on', hgrm: 'h.hgrm'}).problems).toEqual({})
    expect(readReportFields({})).toEqual({repeat: 1, check: true})
    expect(readReportFields({repeat: '5', check: 'off', findings: ' ', hgrm: 'h.hgrm'})).toEqual({
      repeat: 5,
      check: false,
      hgrm: 'h.hgrm',
    })
    expect(() => readReportFields({repeat: '0'})).toThrow(UsageError)
    expect(planFromForm({repeat: '5', check: 'off'}, {base: smoke, cpuCount})).toEqual(smoke)
  })

  it('makes the plan that it shows, and refuses what it marks', () => {
    const given = {rate: '5k', 'key-dist': 'zipf:1', noreply: 'on'}
    expect(planFromForm(given, {base: smoke, cpuCount})).toEqual({
      ...smoke,
      ratePerSecond: 5000,
      keyDistribution: {kind: 'zipf', exponent: 1},
      noreply: true,
    })
    expect(() => planFromForm({rate: 'x'}, {base: smoke, cpuCount})).toThrow(/^rate: Expected a rate/)
  })
})

describe('a profile file from a form', () => {
  const text = (plan: typeof smoke, base: typeof smoke) => profileText({plan, base, path: './x.yaml', cpuCount})

  it('says what is different, and nothing else', () => {
    const plan = planFromForm({rate: '5k', conns: '20', mix: 'get:9,set:1', failover: 'on'}, {base: smoke, cpuCount})
    expect(text(plan, smoke)).toBe(
      '# repbench load --profile ./x.yaml\nextends: smoke\nrate: 5k\nconns: 20\nmix: get:9,set:1\nfailover: true\n',
    )
  })

  it.each(profiles.flatMap(one => profiles.map(other => [one.plan, other.plan] as const)))(
    'is read back as it was meant, or refused: $0.name over $1.name',
    (plan, base) => {
      expect(formValues(plan)).toBeDefined()
      try {
        expect(text(plan, base)).toContain(`extends: ${base.name}`)
      } catch (error) {
        expect(error).toMatchObject({code: expect.stringMatching(/^ERR_(PROFILE_FILE|USAGE)$/)})
      }
    },
  )

  it('is taken by --profile, and is not written over another', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'repbench-test-'))
    try {
      const path = join(directory, 'mine.yaml')
      const plan = planFromForm({rate: '7k'}, {base: smoke, cpuCount}, 'mine')
      expect(await writeProfile(text(plan, smoke), {path, overwrite: false})).toBe(true)
      expect(await findProfileAndBase(path, {cpuCount})).toMatchObject({plan, base: smoke})
      expect(await writeProfile('', {path, overwrite: false})).toBe(false)
      expect(await readFile(path, 'utf8')).toContain('rate: 7k')
      expect(await writeProfile('', {path, overwrite: true})).toBe(true)
      await expect(writeProfile('', {path: join(directory, 'no', 'x.yaml'), overwrite: true})).rejects.toThrow(
        'Expected a file that can be written',
      )
    } finally {
      await rm(directory, {recursive: true})
    }
  })
})
