import {UsageError} from '../errors.js'

export interface FoundOption {
  /** `p` for `-p`, `resilient` for `--resilient`. */
  readonly name: string
  readonly value: string
}

export interface OptionForms {
  /** Letters of options without a value. */
  readonly switches: string
  /** Letters of options with one. */
  readonly valued: string
  /** Long options; none has a value. */
  readonly long: readonly string[]
}

/**
 * Takes a command line apart as C's getopt does: letters may stand together
 * (`-vvd`), a value may follow its letter at once (`-uroot`, `-vvm64`) or as the
 * next word, whatever that begins with. Other words are ignored, as memcached does.
 * Gives one option after the other, so that what stands behind `-h` is not looked at.
 * @throws UsageError on an option that is not known, or whose value is missing
 */
export function* getopt(words: readonly string[], forms: OptionForms): Generator<FoundOption> {
  for (let index = 0; index < words.length; index++) {
    const word = words[index]!
    if (word === '--') return
    if (word.startsWith('--')) {
      yield readLong(word.slice(2), forms)
    } else if (word.startsWith('-') && word.length > 1) {
      const lacksValue = yield* readLetters(word.slice(1), forms)
      if (lacksValue === null) continue
      index++
      if (index >= words.length) throw new UsageError(`option requires an argument -- '${lacksValue}'`)
      yield {name: lacksValue, value: words[index]!}
    }
  }
}

function readLong(name: string, {long}: OptionForms): FoundOption {
  if (!long.includes(name)) throw new UsageError(`unrecognized option '--${name}'`)
  return {name, value: ''}
}

/** Reads what follows one dash. Returns the last letter if its value is the next word. */
function* readLetters(text: string, {switches, valued}: OptionForms): Generator<FoundOption, string | null> {
  for (let at = 0; at < text.length; at++) {
    const name = text[at]!
    if (valued.includes(name)) {
      const value = text.slice(at + 1)
      if (value === '') return name
      yield {name, value}
      return null
    }
    if (!switches.includes(name)) throw new UsageError(`invalid option -- '${name}'`)
    yield {name, value: ''}
  }
  return null
}
