import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {readNodeArgs} from '../../../src/cli/options/node-args.js'

describe('--node-args', () => {
  test.each([
    ['-vv', {all: ['-vv'], of: {}}],
    ['-I 2m -o hash_algorithm=murmur3', {all: ['-I', '2m', '-o', 'hash_algorithm=murmur3'], of: {}}],
    ["s1=-D '|' -vvm64", {all: [], of: {s1: ['-D', '|', '-vvm64']}}],
    ['-D -', {all: ['-D', '-'], of: {}}],
    ['--max-item-size=2m --resilient', {all: ['--max-item-size=2m', '--resilient'], of: {}}],
    ['--memory-limit 64', {all: ['--memory-limit', '64'], of: {}}],
  ])('%j is passed on', (text, passed) => {
    expect(readNodeArgs(text)).toEqual(passed)
  })

  test.each([
    ['junk', "got 'junk'"],
    ['-vv junk', "got 'junk'"],
    ['-m 64 128', "got '128'"],
    ['--resilient yes', "got 'yes'"],
    ['foo=-vv', "got 'foo=-vv'"],
    ['m1 =-vv', "got 'm1'"],
    ['-', "got '-'"],
    ['--', "got '--'"],
    ['', "such as -vv or m1=-vv, got ''"],
    ['m1=', "such as -vv or m1=-vv, got 'm1='"],
    ['-p 1', 'without -p (use --port)'],
    ['-vp 1', 'without -vp (use --port)'],
    ['-vvd', 'without -vvd (use repbench'],
    ['--port=1', 'without --port=1 (use --port)'],
  ])('%j is refused', (text, message) => {
    expect(() => readNodeArgs(text)).toThrow(message)
  })

  test('any word that is neither an option nor its value is refused, whatever it is called', () => {
    const odd = fc.constantFrom('__proto__', 'constructor', 'toString', 'hasOwnProperty', 'x', '1')
    const form = fc.constantFrom(
      (name: string) => name,
      (name: string) => `${name}=-vv`,
      (name: string) => `-v ${name}`,
    )
    fc.assert(
      fc.property(odd, form, (name, write) => {
        expect(() => readNodeArgs(write(name))).toThrow('Expected')
      }),
    )
    expect(Object.getPrototypeOf({})).not.toHaveProperty('vv')
  })
})
