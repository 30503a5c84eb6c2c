/** Texts by the names of fields. */
export type FormValues = Readonly<Record<string, string>>

/**
 * What a form asks for, and the rules that its answers are held to. Whoever
 * opens the form makes one; the rules are those of the command line.
 */
export interface FormSpec {
  readonly title: string
  /** What enter does, as the footer names it: `launch`. */
  readonly accept: string
  /** What ^S does; absent: there is nothing to be kept. */
  readonly keep?: string
  readonly fields: readonly FieldSpec[]
  /**
   * Called after every change with what was given so far: what every field
   * comes to, and what is wrong. Pure, and quick enough for a key press.
   */
  readonly resolve: (given: FormValues) => FormResolution
}

export interface FieldSpec {
  readonly name: string
  readonly label: string
  /** What it is and how it is written, in one line. */
  readonly hint: string
  /** Heading above the first field of a group. */
  readonly group?: string
  /** To be chosen from with ← and →; a text is typed without them. */
  readonly choices?: readonly string[]
}

export interface FormResolution {
  /** Of every field, also of those that were not given; a field that is not here is empty. */
  readonly values: FormValues
  /** One line for each field at fault: what was expected, what came. */
  readonly problems: FormValues
  /** What the answers come to, in one line. */
  readonly summary?: string
}
