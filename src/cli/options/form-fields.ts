import {InvalidArgumentError} from 'commander'
import type {FieldSpec, FormValues} from '../../ui/ports/form-spec.js'
import {isSwitch, type NamedOption, readOption} from './option-spec.js'
import {quoteShellWord} from './shell-words.js'

/**
 * Options as fields of a form, under the rules of the command line: options →
 * fields → texts → values and problems. All forms are made of it.
 */

const NOT_GIVEN = '–'
const YES = 'yes'

/** An option as a field under the same name; what is not given is left to the program, or to a profile. */
export function fieldOf(option: NamedOption): FieldSpec {
  const {name, label = name, summary, hint = summary, group, default: text, defaultWords} = option
  const choices = fieldChoices(option)
  return {
    name,
    label,
    // A default that no field shows.
    hint: text === undefined && defaultWords !== undefined ? `${hint} (default: ${defaultWords})` : hint,
    ...(choices === undefined ? {} : {choices}),
    ...(group === undefined ? {} : {group}),
  }
}

/** What fields show while nothing is given. */
export function defaultTexts(options: readonly NamedOption[]): FormValues {
  return Object.fromEntries(
    options.flatMap(option => {
      if (option.default !== undefined) return [[option.name, option.default]]
      return fieldChoices(option)?.[0] === NOT_GIVEN ? [[option.name, NOT_GIVEN]] : []
    }),
  )
}

/** Those that say something. */
export function givenOptions(options: readonly NamedOption[], given: FormValues): readonly NamedOption[] {
  return options.filter(option => textOf(option, given) !== undefined)
}

/** What can be read of the texts, by the names of the options, and what is wrong with the others. */
export function readFields<Values>(
  options: readonly NamedOption[],
  given: FormValues,
): {values: Values; problems: FormValues} {
  const values: Record<string, unknown> = {}
  const problems: Record<string, string> = {}
  for (const option of options) {
    const text = textOf(option, given)
    if (text === undefined) continue
    try {
      values[option.name] = isSwitch(option) ? text === YES || text === 'on' : readOption(option, text)
    } catch (error) {
      if (!(error instanceof InvalidArgumentError)) throw error
      problems[option.name] = error.message
    }
  }
  // The readers' types are lost on the way; the table has them under the same names.
  return {values: values as Values, problems}
}

/** The same as words of a command line. */
export function commandWords(options: readonly NamedOption[], given: FormValues): readonly string[] {
  return options.flatMap(option => {
    const text = textOf(option, given)
    if (text === undefined) return []
    if (!isSwitch(option)) return [`--${option.name} ${quoteShellWord(text)}`]
    return [text === 'off' ? `--no-${option.name}` : `--${option.name}`]
  })
}

/** A switch that is `on` or `off` by default can be told either; another is given or not. */
function fieldChoices(option: NamedOption): readonly string[] | undefined {
  const {default: text, formChoices = option.choices, read} = option
  if (isSwitch(option)) {
    if (text === undefined) return [NOT_GIVEN, YES]
    return text === 'on' ? ['on', 'off'] : ['off', 'on']
  }
  // What has a reader is settled by a profile while it is not given.
  return formChoices !== undefined && text === undefined && read === undefined
    ? [NOT_GIVEN, ...formChoices]
    : formChoices
}

function textOf({name}: NamedOption, given: FormValues): string | undefined {
  const text = given[name]
  return text === NOT_GIVEN ? undefined : text
}
