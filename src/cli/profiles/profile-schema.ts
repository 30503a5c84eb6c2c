import {InvalidArgumentError} from 'commander'
import {z} from 'zod'
import {describeUnknown} from '../../engine/plan/did-you-mean.js'
import {profileNames} from '../../engine/plan/profiles/registry.js'
import {quoted} from '../../protocol/printable.js'
import {type LoadOption, type LoadSettings, loadOptions, settingNames} from '../load-settings/load-options.js'

/** The shape of a profile file; schema/profile.schema.json is made of it. */

const extended = z
  .string(expectation('the name of a profile'))
  .refine(name => profileNames.includes(name), {
    error: ({input}) => describeUnknown({what: 'a profile', name: String(input), known: profileNames}),
  })
  .meta({
    description: 'the ready-made profile that has what this file leaves out; smoke if not given',
    enum: profileNames,
  })

const settingShape = Object.fromEntries(
  settingNames.map(name => [name, settingSchema(name, loadOptions[name]).optional()]),
)

export const profileFileSchema = z
  .strictObject({
    name: z
      .string(expectation('a name'))
      .regex(/^[\w.-]{1,40}$/, {
        error: ({input}) => `Expected up to 40 letters, digits, '.', '_' or '-', got '${input}'`,
      })
      .meta({description: 'how the run is called; the name of the file if not given'})
      .optional(),
    summary: z.string(expectation('a text')).meta({description: 'what the load is for'}).optional(),
    extends: extended.optional(),
    ...settingShape,
  })
  .meta({
    title: 'A load profile of repbench',
    description: 'For repbench load --profile FILE.yaml. Values are written as on the command line.',
  })

/** As editors take it. */
export function profileJsonSchema(): object {
  const schema = z.toJSONSchema(profileFileSchema, {io: 'input'})
  const settings = settingNames.map(name => {
    const {summary, json, example} = loadOptions[name]
    return [name, {description: summary, ...json, examples: [exampleValue(example)]}]
  })
  return {...schema, properties: {...schema.properties, ...Object.fromEntries(settings)}}
}

/** What a profile file says. */
export interface ProfileFile {
  readonly name?: string | undefined
  readonly summary?: string | undefined
  readonly extends?: string | undefined
  readonly settings: LoadSettings
}

/** Sorts what profileFileSchema read. */
export function toProfileFile({
  name,
  summary,
  extends: base,
  ...given
}: z.output<typeof profileFileSchema>): ProfileFile {
  // Object.fromEntries has lost the types of the readers, which the settings' own type has.
  return {name, summary, extends: base, settings: given as LoadSettings}
}

/** Every key that a file may have. */
export const profileFileKeys: readonly string[] = Object.keys(profileFileSchema.shape)

function settingSchema(name: string, {read, example}: Pick<LoadOption<unknown>, 'read' | 'example'>): z.ZodType {
  if (read === undefined) return z.boolean(expectation('true or false'))
  const text =
    name === 'mix' ? mixSchema() : z.union([z.string(), z.number()], expectation(`a value such as ${example}`))
  return text.transform((value, {addIssue}) => {
    try {
      return read(String(value))
    } catch (error) {
      if (!(error instanceof InvalidArgumentError)) throw error
      addIssue({code: 'custom', message: error.message})
      return z.NEVER
    }
  })
}

/** As YAML reads it. */
function exampleValue(example: string): string | number | boolean {
  if (example === 'true') return true
  return /^\d+$/.test(example) ? Number(example) : example
}

/** `get:90,set:10`, or a mapping of methods to weights. */
function mixSchema() {
  return z.preprocess(mixText, z.string(expectation('methods with their weights such as get: 90')))
}

/** As the notation of the command line, whose reader judges methods and weights; what it cannot say stays as it is. */
function mixText(mix: unknown): unknown {
  if (!(mix instanceof Map)) return mix
  const parts = [...mix].flat()
  const isPlain = parts.every(part => typeof part === 'number' || (typeof part === 'string' && !/[:,]/.test(part)))
  return isPlain ? Array.from(mix, ([method, weight]) => `${method}:${weight}`).join(',') : mix
}

function expectation(what: string) {
  return {error: ({input}: {input?: unknown}) => `Expected ${what}, got ${describeValue(input)}`}
}

function describeValue(value: unknown): string {
  if (value === null || value === undefined) return 'nothing'
  if (Array.isArray(value)) return 'a list'
  return typeof value === 'object' ? 'a mapping' : `'${quoted(String(value))}'`
}
