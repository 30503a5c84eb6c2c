import {UsageError} from '../app/errors.js'

export interface FoundOption {
  /** `p` for `-p`, `resilient` for `--resilient`. */
  readonly name: string
  readonly value: string
}

interface LongOption {
  /** What it is found as: its own name, or the letter that means the same. */
  readonly name: string
  readonly hasValue: boolean
}

export interface OptionForms {
  /** Letters of options without a value. */
  readonly switches: string
  /** Letters of options with one. */
  readonly valued: string
  readonly long: Readonly<Record<string, LongOption>>
}

/** Words that getopt cannot read; `option` is what the option would be found as, or the text that stands for none. */
export class GetoptError extends UsageError {
  readonly fault: 'unknown' | 'ambiguous' | 'lacks value' | 'has value'
  readonly option: string

  constructor(message: string, {fault, option}: Pick<GetoptError, 'fault' | 'option'>) {
    super(message)
    this.fault = fault
    this.option = option
  }
}

/**
 * Takes a command line apart as C's getopt_long does: letters may stand together
 * (`-vvd`), a value may follow its letter at once (`-uroot`, `-vvm64`) or as the
 * next word, whatever that begins with; a long option may be shortened as long as
 * it is the only one, its value follows `=` or as the next word. Other words are
 * ignored, as memcached and mcperf do.
 * Gives one option after the other, so that what stands behind `-h` is not looked at.
 * @throws GetoptError on an option that is not known, or whose value is missing
 */
export function* getopt(words: readonly string[], forms: OptionForms): Generator<FoundOption> {
  for (let index = 0; index < words.length; index++) {
    const word = words[index]!
    if (word === '--') return
    let lacksValue: Lacking | null = null
    if (word.startsWith('--')) lacksValue = yield* readLong(word.slice(2), forms)
    else if (word.startsWith('-') && word.length > 1) lacksValue = yield* readLetters(word.slice(1), forms)
    if (lacksValue === null) continue
    const {name, message} = lacksValue
    index++
    if (index >= words.length) throw new GetoptError(message, {fault: 'lacks value', option: name})
    yield {name, value: words[index]!}
  }
}

/** An option whose value is the next word, and what to say if there is none. */
interface Lacking {
  readonly name: string
  readonly message: string
}

function* readLong(text: string, {long}: OptionForms): Generator<FoundOption, Lacking | null> {
  const equals = text.indexOf('=')
  const given = equals < 0 ? text : text.slice(0, equals)
  const {name, hasValue} = findLong(given, long)
  if (equals >= 0 && !hasValue) {
    throw new GetoptError(`option '--${given}' doesn't allow an argument`, {fault: 'has value', option: name})
  }
  if (equals < 0 && hasValue) return {name, message: `option '--${given}' requires an argument`}
  yield {name, value: equals < 0 ? '' : text.slice(equals + 1)}
  return null
}

function findLong(given: string, long: OptionForms['long']): LongOption {
  if (Object.hasOwn(long, given)) return long[given]!
  const [found, ...others] = Object.keys(long).filter(name => name.startsWith(given))
  if (found === undefined) {
    throw new GetoptError(`unrecognized option '--${given}'`, {fault: 'unknown', option: given})
  }
  if (others.some(other => long[other]!.name !== long[found]!.name)) {
    throw new GetoptError(`option '--${given}' is ambiguous`, {fault: 'ambiguous', option: given})
  }
  return long[found]!
}

/** Reads what follows one dash. Returns the last letter if its value is the next word. */
function* readLetters(text: string, {switches, valued}: OptionForms): Generator<FoundOption, Lacking | null> {
  for (let at = 0; at < text.length; at++) {
    const name = text[at]!
    if (valued.includes(name)) {
      const value = text.slice(at + 1)
      if (value === '') return {name, message: `option requires an argument -- '${name}'`}
      yield {name, value}
      return null
    }
    if (!switches.includes(name)) {
      throw new GetoptError(`invalid option -- '${name}'`, {fault: 'unknown', option: name})
    }
    yield {name, value: ''}
  }
  return null
}
