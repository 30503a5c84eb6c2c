import {InvalidArgumentError} from 'commander'

/**
 * An option, described once: the flags of the command line, their help, the fields
 * of forms, keys of profile files, completion and docs/options.md are made of it.
 */
export interface OptionSpec<Value = unknown> {
  /** Placeholder of its value in the help, such as `<N>`; absent: the option is on or off. */
  readonly value?: string
  /** What it is, in one line of the help and of a form. */
  readonly summary: string
  /** Instead of the summary in a form, where the flag says the opposite of its field. */
  readonly hint?: string
  /** What it is when nothing is given, in its own notation; `on` makes the flag `--no-…`. */
  readonly default?: string
  /** Instead of `default` in the help, where a value alone does not say it. */
  readonly defaultWords?: string
  /** The values that it can have. */
  readonly choices?: readonly string[]
  /** Those that a form offers. @default choices */
  readonly formChoices?: readonly string[]
  /** Heading of a form, above this option and those after it. */
  readonly group?: string
  /** Options that it does not go with on a command line. */
  readonly conflicts?: readonly string[]
  /**
   * The value of a text, without it the text itself.
   * @param before the value so far, of an option that may be given several times
   * @throws InvalidArgumentError with one line that says what was expected and what came
   */
  read?(text: string, before?: Value): Value
}

/** Options by their names, in the order in which help, forms and documents list them. */
export type OptionTable = Readonly<Record<string, OptionSpec>>

export interface NamedOption extends OptionSpec {
  /** As on the command line, without dashes; also the name of its field in a form. */
  readonly name: string
  /** Of its field. @default name */
  readonly label?: string
}

/** Values by the names of options; those that were not given are missing. */
export type OptionValues<Table> = {readonly [Name in keyof Table]?: ValueOf<Table[Name]> | undefined}

/** The same under the names that commander gives them: `retry-delay` is `retryDelay`. */
export type CommandValues<Table> = {
  readonly [Name in keyof Table & string as CamelCase<Name>]?: ValueOf<Table[Name]>
}

type ValueOf<Option> = Option extends OptionSpec<infer Value> ? Value : never
type CamelCase<Name extends string> = Name extends `${infer Head}-${infer Tail}`
  ? `${Head}${Capitalize<CamelCase<Tail>>}`
  : Name

export function optionsOf(table: OptionTable): readonly NamedOption[] {
  return Object.entries(table).map(([name, option]) => ({...option, name}))
}

export function isSwitch({value}: OptionSpec): boolean {
  return value === undefined
}

/** @throws InvalidArgumentError as the command line refuses the text */
export function readOption({read, choices}: OptionSpec, text: string): unknown {
  if (read !== undefined) return read(text)
  if (choices?.includes(text) === false) {
    throw new InvalidArgumentError(`Expected one of ${choices.join(', ')}, got '${text}'`)
  }
  return text
}

/** The property under which commander keeps an option: `retry-delay` → `retryDelay`. */
export function propertyOfOption(name: string): string {
  return name.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase())
}

/** The options of a table among those that commander has read, under their own names. */
export function givenOf<Table extends OptionTable>(table: Table, options: object): OptionValues<Table> {
  const all = options as Readonly<Record<string, unknown>>
  const given = Object.keys(table).flatMap(name => {
    const value = all[propertyOfOption(name)]
    return value === undefined ? [] : [[name, value] as const]
  })
  // commander has lost the types of the readers, which the table has.
  return Object.fromEntries(given) as OptionValues<Table>
}

/** What options change, one after the other: each by what its `sets` makes of its value. */
export function changesOf<Changes>(
  table: Readonly<Record<string, {sets?(value: unknown): Partial<Changes>}>>,
  given: Readonly<Record<string, unknown>>,
): Partial<Changes> {
  const changes = Object.entries(table).map(([name, {sets}]) =>
    given[name] === undefined || sets === undefined ? {} : sets(given[name]),
  )
  return Object.assign({}, ...changes)
}
