/**
 * The one door for text of other programs: what a server, a log, a file name or a saved document says is made safe here
 * before anybody prints it. Control and format characters could move the cursor, change the terminal or turn the
 * reading direction. Selectors of variants, skin tones and flags change the width of what stands before them, each
 * terminal in its own way.
 */
const unprintable =
  /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]|\p{Variation_Selector}|\p{Emoji_Modifier}|\p{Regional_Indicator}/gu
const unprintableButLineEnds = new RegExp(`(?!\\n)(?:${unprintable.source})`, 'gu')
const decoder = new TextDecoder('utf-8', {fatal: true, ignoreBOM: true})

/** A class of characters, as in a pattern: all are safe, and nearly all text is of them, which is found out several times faster. */
export const plainCharacters =
  '[\\u0020-\\u007E\\u00A1-\\u00AC\\u00AE-\\u02FF\\u2010-\\u2027\\u2030-\\u205E\\u2190-\\u21FF\\u2500-\\u25FC\\u2713\\u2716\\u2717]'
const plainLine = new RegExp(`^${plainCharacters}*$`)
const plainLines = /^[\n\u0020-\u007E]*$/

// A backslash that would read as an escape.
const ambiguous = /\\(?=x[0-9a-f]{2})/g

// The first half of a surrogate pair, or of an escape.
const halfCharacter = /(?:[\uD800-\uDBFF]|\\(?:x[0-9a-f]?)?)$/

/** Characters of another program's text that a line of ours quotes, unless it says otherwise. */
const QUOTED_MOST = 200

/** Text as one line that is safe to print: what could change the terminal as \xNN, the bytes of its UTF-8. */
export function printable(text: string): string {
  return plainLine.test(text) ? text : text.replaceAll(unprintable, escapeCharacter)
}

/** As printable(), with the line ends that divide it kept. */
export function printableLines(text: string): string {
  return plainLines.test(text) ? text : text.replaceAll(unprintableButLineEnds, escapeCharacter)
}

/**
 * What another program has said, to be quoted in a line of ours: safe to print, and of bounded length.
 * @param most characters; of what is longer only the beginning is shown
 */
export function quoted(text: string | Uint8Array, {most = QUOTED_MOST}: {most?: number} = {}): string {
  const isCut = text.length > most
  if (typeof text === 'string') return shortened(printable(text.slice(0, most + 1)), {most, isCut})
  return shortened(toPrintable(isCut ? text.subarray(0, wholeCharacters(text, most)) : text), {most, isCut})
}

/** As quoted(), with line ends kept. */
export function quotedLines(text: string, {most}: {most: number}): string {
  return shortened(printableLines(text.slice(0, most + 1)), {most, isCut: text.length > most})
}

/** A document as JSON without any character that could change the terminal it is shown on. */
export function toJson(document: unknown, {indent = 0}: {indent?: number} = {}): string {
  const json = JSON.stringify(document, null, indent)
  return plainLines.test(json) ? json : json.replaceAll(unprintableButLineEnds, escapeInJson)
}

/** Bytes as text that is safe to print: UTF-8 where it is valid, the rest as \xNN. fromPrintable() is the way back. */
export function toPrintable(bytes: Uint8Array): string {
  try {
    return printable(decoder.decode(bytes).replaceAll(ambiguous, '\\x5c'))
  } catch {
    const text = Buffer.from(bytes).toString('latin1').replaceAll(ambiguous, '\\x5c')
    return text.replaceAll(/[^\u0020-\u007E]/g, character => escapeByte(character.charCodeAt(0)))
  }
}

/** The bytes that toPrintable() has shown so. */
export function fromPrintable(text: string): Buffer {
  const pieces = text.split(/\\x([0-9a-f]{2})/)
  return Buffer.concat(
    pieces.map((piece, index) => (index % 2 === 0 ? Buffer.from(piece) : Buffer.from([Number.parseInt(piece, 16)]))),
  )
}

function shortened(shown: string, {most, isCut}: {most: number; isCut: boolean}): string {
  if (!isCut && shown.length <= most) return shown
  return `${shown.slice(0, most).replace(halfCharacter, '')}…`
}

/** The end of the last character of UTF-8 that begins before `end`: its first bytes alone would be none. */
function wholeCharacters(bytes: Uint8Array, end: number): number {
  let whole = end
  while (whole > end - 3 && (bytes[whole]! & 0xc0) === 0x80) whole -= 1
  return whole
}

function escapeCharacter(character: string): string {
  return Array.from(Buffer.from(character), escapeByte).join('')
}

function escapeByte(byte: number): string {
  return `\\x${byte.toString(16).padStart(2, '0')}`
}

/** By UTF-16 units, as JSON has them. */
function escapeInJson(character: string): string {
  return Array.from({length: character.length}, (_, index) => {
    return `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`
  }).join('')
}
