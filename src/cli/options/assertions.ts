import {InvalidArgumentError} from 'commander'
import {type Assertion, parseAssertion} from '../../engine/assertions/assertion.js'
import type {Measures} from '../../engine/assertions/measure.js'
import {AssertionSyntaxError} from '../../engine/errors.js'

/** A reader of assertions about a result, one after another: `--assert A --assert B`. */
export function assertionReader<Result>(measures: Measures<Result>) {
  return (text: string, before: readonly Assertion<Result>[] = []): readonly Assertion<Result>[] => {
    try {
      return [...before, parseAssertion(text, measures)]
    } catch (error) {
      if (error instanceof AssertionSyntaxError) throw new InvalidArgumentError(error.message)
      throw error
    }
  }
}
