import {type Argument, type Command, Option} from 'commander'
import {isSwitch, type NamedOption, type OptionTable, optionsOf, propertyOfOption} from './option-spec.js'

interface DeclareOptions {
  /** Heading in the help. */
  readonly helpGroup?: string
  /** Options that none of these go with. */
  readonly conflicts?: readonly string[]
}

/** Adds the options of a table to a command, in its order. */
export function addOptions(command: Command, table: OptionTable, how: DeclareOptions = {}): void {
  for (const option of optionsOf(table)) {
    command.addOption(declareOption(option, how))
    if (option.default === 'off') command.addOption(new Option(`--no-${option.name}`).hideHelp())
  }
}

function declareOption(option: NamedOption, {helpGroup, conflicts = []}: DeclareOptions): Option {
  const declared = new Option(flagsOf(option), helpOf(option))
  if (option.read !== undefined) declared.argParser(option.read)
  else if (option.choices !== undefined) declared.choices(option.choices)
  if (option.choices !== undefined) suggest(declared, option.choices)
  const enemies = [...conflicts, ...(option.conflicts ?? [])]
  if (enemies.length > 0) declared.conflicts(enemies.map(propertyOfOption))
  return helpGroup === undefined ? declared : declared.helpGroup(helpGroup)
}

function flagsOf({name, value, default: text}: NamedOption): string {
  if (value !== undefined) return `--${name} ${value}`
  return text === 'on' ? `--no-${name}` : `--${name}`
}

/** What is off unless it is given goes without saying. */
function helpOf(option: NamedOption): string {
  const text = option.defaultWords ?? (isSwitch(option) ? undefined : option.default)
  return text === undefined ? option.summary : `${option.summary} (default: ${text})`
}

const suggestions = new WeakMap<Argument | Option, readonly string[]>()

/** Words that completion offers for an argument or an option, beside any other that it takes. */
export function suggest<Target extends Argument | Option>(target: Target, words: readonly string[]): Target {
  suggestions.set(target, words)
  return target
}

/** What completion offers; null where nothing is known. */
export function suggestionsFor(target: Argument | Option): readonly string[] | null {
  return suggestions.get(target) ?? target.argChoices ?? null
}
