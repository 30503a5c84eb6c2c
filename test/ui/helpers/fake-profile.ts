import type {FormSpec, FormValues} from '../../../src/ui/ports/form-spec.js'
import type {ProfileSummary} from '../../../src/ui/ports/run-port.js'

/** A form with rules of its own: the rate is a number, and the method one of two. */
export function fakeForm(title: string): FormSpec {
  const usual: FormValues = {rate: '2000', method: 'set', name: 'long'.repeat(20)}
  return {
    title,
    accept: 'start load',
    fields: [
      {name: 'rate', label: 'rate', hint: 'operations a second', group: 'How fast'},
      {name: 'method', label: 'method', hint: 'the command', group: 'What', choices: ['get', 'set']},
      {name: 'name', label: 'name', hint: 'a text '.repeat(40)},
      ...Array.from({length: 30}, (_, index) => ({name: `more${index}`, label: `more${index}`, hint: 'more'})),
    ],
    resolve: given => {
      const values = {...usual, ...given}
      const isNumber = /^\d+$/.test(values.rate ?? '')
      return {
        values,
        problems: isNumber ? {} : {rate: `Expected a number, got '${values.rate}'`},
        summary: `${values.rate} op/s of ${values.method}`,
      }
    },
  }
}

export function fakeProfile(name: string, summary = ''): ProfileSummary {
  return {name, summary, form: fakeForm(`Profile ${name}`)}
}
