import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {stringify} from 'yaml'
import {UsageError} from '../../../src/cli/app/errors.js'
import {runDocumentSchema} from '../../../src/cli/documents/json/run-json.js'
import {readMethod, readMix} from '../../../src/cli/load-settings/readers.js'
import {parseProfileFile} from '../../../src/cli/profiles/profile-file.js'
import {parseAssertion} from '../../../src/engine/assertions/assertion.js'
import {runMeasures} from '../../../src/engine/assertions/run-measures.js'
import {addKind, countErrors, emptyTally, mergeTallies} from '../../../src/engine/measure/accounts.js'
import {changedKey} from '../../../src/telnet/keys/arrival.js'
import {runAt} from '../compare/compared-runs.js'

/** Names that every object knows, though nobody has put them there. */
const inherited = [...Object.getOwnPropertyNames(Object.prototype), 'prototype', 'length', 'name']
const names = fc.constantFrom(...inherited)

describe('names that objects inherit are names like others', () => {
  const parse = (text: string) => parseProfileFile(text, {path: 'p.yaml'})

  test('in a profile: as a setting, a method of a mix, a base', () => {
    fc.assert(
      fc.property(names, name => {
        if (name !== 'name') expect(() => parse(`rate: 5\n"${name}": 5\n`)).toThrow(`got '${name}'`)
        expect(() => parse(`mix: {set: 1, "${name}": 5}`)).toThrow(`got '${name}'`)
        expect(() => parse(`mix:\n  "${name}":\n    set: 5\n`)).toThrow('mix: Expected methods')
        expect(() => parse(`extends: "${name}"`)).toThrow(`got '${name}'`)
        expect(parse(stringify({summary: name})).summary).toBe(name)
      }),
    )
  })

  test('on the command line: as a method, in a mix, as what is asserted and as its unit', () => {
    fc.assert(
      fc.property(names, name => {
        for (const read of [() => readMethod(name), () => readMix(`set:1,${name}:5`)]) expect(read).toThrow(`'${name}'`)
        expect(() => parseAssertion(`${name}<5`, runMeasures)).toThrow('Expected')
        expect(() => parseAssertion(`p99<5${name.replaceAll(/[^a-z]/g, '')}`, runMeasures)).toThrow('Expected')
      }),
    )
  })

  test('as what a server answers: every error is counted, and read again from a document', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(names, fc.string()), {maxLength: 40}), answers => {
        const [first, second] = [emptyTally(), emptyTally()]
        for (const [index, answer] of answers.entries()) addKind((index % 2 === 0 ? first : second).errors, answer)
        // As it comes from a thread.
        const {errors} = mergeTallies([structuredClone(first), structuredClone(second)])
        expect(countErrors(errors)).toBe(answers.length)
        const run = runAt(1, {})
        const text = JSON.stringify({...run, operations: {...run.operations, errors}})
        expect(countErrors(runDocumentSchema.parse(JSON.parse(text)).operations.errors)).toBe(answers.length)
      }),
    )
  })

  test('as a command in the console', () => {
    fc.assert(
      fc.property(names, name => {
        expect(changedKey(`${name} key`, 'stored')).toBeNull()
      }),
    )
  })
})

describe('a profile that is made to hurt', () => {
  const parse = (text: string) => parseProfileFile(text, {path: 'p.yaml'})
  const bomb = Array.from('bcdefghi').reduce(
    ({text, last}, name) => ({text: `${text}${name}: &${name} [${Array(9).fill(`*${last}`)}]\n`, last: name}),
    {text: `a: &a [${Array(9).fill('lol')}]\n`, last: 'a'},
  ).text

  test.each([
    ['aliases of aliases', bomb],
    ['the same within a setting', `mix: {set: ${bomb.replaceAll('\n', ', ').replaceAll(/(\w): &/g, '&')}}`],
    [
      'aliases of aliases under a setting',
      `rate: &a [1,1,1,1,1,1,1,1,1]\nsizes: &b [${Array(9).fill('*a')}]\nkeys: &c [${Array(9).fill('*b')}]\nconns: [${Array(9).fill('*c')}]`,
    ],
    ['an alias of itself', 'rate: &a [*a]'],
    ['an alias of nothing', 'rate: *x'],
    ['brackets without end', `rate: ${'['.repeat(5000)}`],
    ['mappings without end', `mix: ${'{a: '.repeat(2000)}`],
    ['very many keys', Array.from({length: 5000}, (_, index) => `k${index}: 1`).join('\n')],
    ['very many keys of a mix', `mix: {${Array.from({length: 5000}, (_, index) => `k${index}: 1`)}}`],
    ['keys that are mappings', '? {a: 1}\n: 5'],
    ['weights that say more', 'mix: {get: "1,set:2"}'],
    ['methods twice', 'mix: {get: 1, get: 2}'],
    ['bytes that are no text', '\u0000\u0001\ufffd: 1'],
    ['tags', 'rate: !!js/function "x"\nkeys: !!binary aGVsbG8='],
  ])('with %s is refused in one line', (_, text) => {
    expect(() => parse(text)).toThrow(UsageError)
    expect(() => parse(text)).toThrow(/^p\.yaml:\d+:\d+: (\w+: )?Expected .{0,400}$/)
  })
})
