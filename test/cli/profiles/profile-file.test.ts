import {readFile} from 'node:fs/promises'
import {fileURLToPath} from 'node:url'
import {describe, expect, test} from 'vitest'
import {parse as parseYaml, stringify} from 'yaml'
import {z} from 'zod'
import {UsageError} from '../../../src/cli/app/errors.js'
import {describeSettings} from '../../../src/cli/load-settings/describe-settings.js'
import {loadOptions, settingNames} from '../../../src/cli/load-settings/load-options.js'
import {planFromSettings} from '../../../src/cli/load-settings/plan-from-settings.js'
import {parseProfileFile} from '../../../src/cli/profiles/profile-file.js'
import {profileJsonSchema} from '../../../src/cli/profiles/profile-schema.js'
import {profiles} from '../../../src/engine/plan/profiles/registry.js'

const parse = (text: string) => parseProfileFile(text, {path: 'p.yaml'})

test('a profile file says what options say', () => {
  const {settings, ...rest} = parse(`
# A comment
name: nightly
summary: reads of a few hot keys
extends: smoke
rate: 50k
arrival: exponential
conns: 100
conn-rate: 1000
duration: 10s
warmup: 500ms
prefill: true
mix: {get: 90, set: 10}
sizes: u1024,10240
keys: 100k
key-dist: zipf:0.99
hit-ratio: 95%
timeout: 1s
ttl: 1m
threads: auto
`)
  expect(rest).toMatchObject({name: 'nightly', extends: 'smoke', summary: 'reads of a few hot keys'})
  expect(settings).toEqual({
    rate: 50_000,
    arrival: 'exponential',
    conns: 100,
    'conn-rate': 1000,
    duration: 10,
    warmup: 0.5,
    prefill: true,
    mix: [
      {method: 'get', weight: 90},
      {method: 'set', weight: 10},
    ],
    sizes: {kind: 'uniform', minBytes: 1024, maxBytes: 10_240},
    keys: 100_000,
    'key-dist': {kind: 'zipf', exponent: 0.99},
    'hit-ratio': 0.95,
    timeout: 1,
    ttl: 60,
    threads: 'auto',
  })
})

describe('a mistake is named with its place', () => {
  test.each([
    ['rate: 1k\nconnz: 5\n', "p.yaml:2:1: Expected a setting, got 'connz' (did you mean conns?)"],
    ['rate: 1k\nconn_rate: 5\n', "p.yaml:2:1: Expected a setting, got 'conn_rate' (did you mean conn-rate?)"],
    ['velocity: 3', 'p.yaml:1:1: Expected a setting (name, summary, extends, rate, arrival, ramp,'],
    [
      '# x\n\nrate:   fast\n',
      "p.yaml:3:9: rate: Expected a rate per second from 0 to 10m, such as 500 or 50k, got 'fast'",
    ],
    ['duration: 10', "p.yaml:1:11: duration: Expected a duration such as 500ms, 10s or 2m, got '10'"],
    ['rate: [1]', 'p.yaml:1:7: rate: Expected a value such as 50k, got a list'],
    ['rate:\n', 'p.yaml:1:6: rate: Expected a value such as 50k, got nothing'],
    ['verify: yes', "p.yaml:1:9: verify: Expected true or false, got 'yes'"],
    ['mix: {get: 90, sett: 10}', 'p.yaml:1:16: mix: Expected a method'],
    ['sizes: u5\nrate: fast\n', 'p.yaml:1:8: sizes: Expected sizes'],
    ['mix: {get: lots}', "p.yaml:1:12: mix: Expected a weight from 1 to 1000000, got 'lots'"],
    ['mix:\n  set: 2\n  get: -1', "p.yaml:3:8: mix: Expected a weight from 1 to 1000000, got '-1'"],
    ['mix: {get: 0.5}', "p.yaml:1:12: mix: Expected a weight from 1 to 1000000, got '0.5'"],
    ['mix: {get: [1]}', 'p.yaml:1:6: mix: Expected methods with their weights such as get: 90, got a mapping'],
    ['extends: smke', 'p.yaml:1:10: extends: Expected a profile (smoke, '],
    ['extends: smke', "got 'smke' (did you mean smoke?)"],
    ['name: a/b', "p.yaml:1:7: name: Expected up to 40 letters, digits, '.', '_' or '-', got 'a/b'"],
    ['rate: 1k\nrate: 2k', "p.yaml:2:1: Expected each name once, got 'rate' twice"],
    ['rate: "1k', 'p.yaml:1:10: Expected YAML, got: Missing closing "quote'],
    ['- rate: 1', "p.yaml:1:1: Expected settings such as 'rate: 50k', got a list"],
    ['fast', "p.yaml:1:1: Expected settings such as 'rate: 50k', got 'fast'"],
    ['', "p.yaml:1:1: Expected settings such as 'rate: 50k', got nothing"],
  ])('%j', (text, message) => {
    expect(() => parse(text)).toThrow(UsageError)
    expect(() => parse(text)).toThrow(message)
  })
})

test.each(profiles.map(({plan}) => [plan.name, plan] as const))(
  'profile %s, written as settings, is the same plan',
  (_, plan) => {
    const text = stringify(Object.fromEntries(describeSettings(plan)))
    // Every setting is given, so that nothing of the base is left.
    const base = {...profiles[0]!.plan, arrival: 'deterministic' as const, keyCount: null}
    expect(
      planFromSettings({base, given: parse(text).settings, spell: name => name, cpuCount: 2, name: plan.name}),
    ).toEqual(plan)
  },
)

describe('the published JSON schema', () => {
  const path = fileURLToPath(new URL('../../../schema/profile.schema.json', import.meta.url))

  test('is current (else: npm run schema)', async () => {
    expect(JSON.parse(await readFile(path, 'utf8'))).toEqual(JSON.parse(JSON.stringify(profileJsonSchema())))
  })

  test('takes every ready-made profile and every example, and no mistake', () => {
    const schema = z.fromJSONSchema(JSON.parse(JSON.stringify(profileJsonSchema())))
    for (const {plan} of profiles)
      expect(schema.safeParse(Object.fromEntries(describeSettings(plan)))).toMatchObject({success: true})
    for (const name of settingNames) {
      const {example} = loadOptions[name]
      const yaml = stringify({[name]: example === 'true' ? true : example})
      expect(parse(yaml).settings[name], yaml).not.toBeUndefined()
      expect(schema.safeParse(parseYaml(yaml)), yaml).toMatchObject({success: true})
    }
    for (const wrong of [{connz: 1}, {duration: 10}, {arrival: 'poisson'}, {mix: {sett: 1}}, {verify: 'yes'}]) {
      expect(schema.safeParse(wrong).success, JSON.stringify(wrong)).toBe(false)
    }
  })
})
