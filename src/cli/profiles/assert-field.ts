import {type Assertion, parseAssertion} from '../../engine/assertions/assertion.js'
import {runMeasures} from '../../engine/assertions/run-measures.js'
import {AssertionSyntaxError} from '../../engine/errors.js'
import type {RunResult} from '../../engine/result/run-result.js'
import type {FieldSpec, FormValues} from '../../ui/ports/form-spec.js'

/** The conditions of `repbench load --assert`, as a field of a form. */
export const assertField: FieldSpec = {
  name: 'assert',
  label: 'assert',
  hint: 'conditions with a blank between them, such as p99<2ms errors==0; they are not part of a saved file',
  group: 'What passes',
}

/** @throws AssertionSyntaxError for what is none, in one line */
export function readAssertions({assert: text = ''}: FormValues): readonly Assertion<RunResult>[] {
  return text
    .split(/\s+/)
    .filter(Boolean)
    .map(expr => parseAssertion(expr, runMeasures))
}

/** What is wrong with them. */
export function problemsOfAssertions(given: FormValues): FormValues {
  try {
    readAssertions(given)
    return {}
  } catch (error) {
    if (error instanceof AssertionSyntaxError) return {[assertField.name]: error.message}
    throw error
  }
}
