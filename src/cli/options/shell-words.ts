import {InvalidArgumentError} from 'commander'

/**
 * Cuts a line into words as a shell does, with its quotes and backslashes. Nothing is expanded:
 * `$`, `*`, `|` and the like stand for themselves.
 */
export function splitShellWords(line: string): string[] {
  const words: string[] = []
  let word: string | null = null
  for (let rest = line; rest !== ''; ) {
    const match =
      /^(?:(?<space>\s+)|'(?<single>[^']*)'|"(?<double>(?:[^"\\]|\\.)*)"|\\(?<escaped>.)|(?<plain>[^\s'"\\]+))/s.exec(
        rest,
      )
    if (match === null) throw new InvalidArgumentError(`Expected every quote to be closed, got '${line}'`)
    const {space, single, double, escaped, plain} = match.groups ?? {}
    if (space === undefined) {
      // Within double quotes a backslash escapes only what would mean something there.
      word = `${word ?? ''}${single ?? double?.replaceAll(/\\(["\\$`])/g, '$1') ?? escaped ?? plain ?? ''}`
    } else if (word !== null) {
      words.push(word)
      word = null
    }
    rest = rest.slice(match[0].length)
  }
  if (word !== null) words.push(word)
  return words
}

/** A word as a shell takes it for itself. */
export function quoteShellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}
