import type {Argument, Command, Option} from 'commander'
import {suggestionsFor} from '../../options/command-options.js'

/** What can be typed after `repbench` or one of its commands; no command has commands of its own. */
export interface CommandShape {
  /** Empty for what is typed without a command. */
  readonly name: string
  /** Commands, or words that an argument can be. */
  readonly words: readonly DescribedWord[]
  readonly options: readonly OptionShape[]
}

interface DescribedWord {
  readonly word: string
  /** Empty where there is nothing to say. */
  readonly summary: string
}

export interface OptionShape {
  /** `--help`, `-h` */
  readonly flags: readonly string[]
  readonly summary: string
  /** Null: it takes none. */
  readonly value: OptionValue | null
}

export interface OptionValue {
  readonly words: readonly string[]
  readonly files: boolean
}

/** The commands of a program with what the help shows of them, the program itself first. */
export function commandShapes(program: Command): readonly CommandShape[] {
  const help = program.createHelp()
  const commands = help.visibleCommands(program)
  const shapeOf = (command: Command, words: readonly DescribedWord[]): CommandShape => ({
    name: command === program ? '' : command.name(),
    words,
    options: help.visibleOptions(command).map(optionShape),
  })
  return [
    shapeOf(
      program,
      commands.map(command => ({word: command.name(), summary: help.subcommandDescription(command)})),
    ),
    ...commands.map(command => shapeOf(command, command.registeredArguments.flatMap(argumentWords))),
  ]
}

function argumentWords(argument: Argument): readonly DescribedWord[] {
  return (suggestionsFor(argument) ?? []).map(word => ({word, summary: ''}))
}

function optionShape(option: Option): OptionShape {
  const {long, short, description, required, optional, flags} = option
  return {
    flags: [long, short].filter(flag => flag != null),
    summary: description,
    value: required || optional ? {words: suggestionsFor(option) ?? [], files: flags.includes('file')} : null,
  }
}
