import {InvalidArgumentError, type Option} from 'commander'
import type {FieldSpec, FormValues} from '../../ui/ports/form-spec.js'
import {quoteShellWord} from './shell-words.js'

const YES = 'yes'
const AS_USUAL = '–'

/** An option of the command line as a field of a form, under the same rules; what is not given is left to the program. */
export function fieldOfOption(option: Option, group?: string): FieldSpec {
  const choices = choicesOf(option)
  return {
    name: option.attributeName(),
    label: (option.long ?? '').replace('--', ''),
    hint: option.description,
    ...(choices === undefined ? {} : {choices}),
    ...(group === undefined ? {} : {group}),
  }
}

/** What choices show while nothing is given. */
export function usualOfOptions(options: readonly Option[]): FormValues {
  return Object.fromEntries(
    options.flatMap(option => (choicesOf(option) === undefined ? [] : [[option.attributeName(), AS_USUAL]])),
  )
}

/** Those that say something. */
export function givenOptions(options: readonly Option[], given: FormValues): readonly Option[] {
  return options.filter(option => textOf(option, given) !== undefined)
}

/** The options as commander would have read them, and what is wrong with the others. */
export function readOptions<Options>(
  options: readonly Option[],
  given: FormValues,
): {options: Options; problems: FormValues} {
  const values: Record<string, unknown> = {}
  const problems: Record<string, string> = {}
  for (const option of options) {
    const name = option.attributeName()
    const text = textOf(option, given)
    if (text === undefined) continue
    try {
      values[name] = option.isBoolean() ? true : (option.parseArg?.(text, undefined) ?? text)
    } catch (error) {
      if (!(error instanceof InvalidArgumentError)) throw error
      problems[name] = error.message
    }
  }
  // The readers' types are lost on the way; the names are those of the options.
  return {options: values as Options, problems}
}

/** The same as the words of a command line. */
export function optionWords(options: readonly Option[], given: FormValues): readonly string[] {
  return options.flatMap(option => {
    const text = textOf(option, given)
    if (text === undefined) return []
    return option.isBoolean() ? [`${option.long}`] : [`${option.long} ${quoteShellWord(text)}`]
  })
}

function choicesOf(option: Option): readonly string[] | undefined {
  if (option.isBoolean()) return [AS_USUAL, YES]
  return option.argChoices && [AS_USUAL, ...option.argChoices]
}

function textOf(option: Option, given: FormValues): string | undefined {
  const text = given[option.attributeName()]
  return text === AS_USUAL ? undefined : text
}
