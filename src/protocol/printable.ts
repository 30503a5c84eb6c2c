/**
 * Makes text of other programs safe to print: replies of servers, logs, file names, saved documents. Control and format
 * characters could move the cursor, change the terminal or reverse the reading direction. Variation selectors, skin
 * tones and flags change the width of the character before them, differently in each terminal.
 */
const unprintable =
  /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]|\p{Variation_Selector}|\p{Emoji_Modifier}|\p{Regional_Indicator}/gu
const unprintableButLineEnds = new RegExp(`(?!\\n)(?:${unprintable.source})`, 'gu')
const decoder = new TextDecoder('utf-8', {fatal: true, ignoreBOM: true})

/** Safe characters, as a pattern's class. Nearly all text has only these, and checking for them is several times faster. */
export const plainCharacters =
  '[\\u0020-\\u007E\\u00A1-\\u00AC\\u00AE-\\u02FF\\u2010-\\u2027\\u2030-\\u205E\\u2190-\\u21FF\\u2500-\\u25FC\\u2713\\u2716\\u2717]'
const plainLine = new RegExp(`^${plainCharacters}*$`)
const plainLines = /^[\n\u0020-\u007E]*$/

// A backslash that would be taken for an escape.
const ambiguous = /\\(?=x[0-9a-f]{2})/g

// The first half of a surrogate pair, or of an escape.
const halfCharacter = /(?:[\uD800-\uDBFF]|\\(?:x[0-9a-f]?)?)$/

/** Default length of a quoted text, in characters. */
const QUOTED_MOST = 200

/** Text as one line that is safe to print: unsafe characters as \xNN, by the bytes of their UTF-8. */
export function printable(text: string): string {
  return plainLine.test(text) ? text : text.replaceAll(unprintable, escapeCharacter)
}

/** As printable(), but keeps line ends. */
export function printableLines(text: string): string {
  return plainLines.test(text) ? text : text.replaceAll(unprintableButLineEnds, escapeCharacter)
}

/**
 * Another program's text for a quotation: safe to print, and of bounded length.
 * @param options `most`: maximum length in characters; a longer text is cut
 */
export function quoted(text: string | Uint8Array, {most = QUOTED_MOST}: {most?: number} = {}): string {
  const isCut = text.length > most
  if (typeof text === 'string') return shortened(printable(text.slice(0, most + 1)), {most, isCut})
  return shortened(toPrintable(isCut ? text.subarray(0, wholeCharacters(text, most)) : text), {most, isCut})
}

/** As quoted(), but keeps line ends. */
export function quotedLines(text: string, {most}: {most: number}): string {
  return shortened(printableLines(text.slice(0, most + 1)), {most, isCut: text.length > most})
}

/** A document as JSON that is safe to print. */
export function toJson(document: unknown, {indent = 0}: {indent?: number} = {}): string {
  const json = JSON.stringify(document, null, indent)
  return plainLines.test(json) ? json : json.replaceAll(unprintableButLineEnds, escapeInJson)
}

/** Bytes as text that is safe to print: as UTF-8 if it is valid, else as ASCII and \xNN. fromPrintable() reverses it. */
export function toPrintable(bytes: Uint8Array): string {
  try {
    return printable(decoder.decode(bytes).replaceAll(ambiguous, '\\x5c'))
  } catch {
    const text = Buffer.from(bytes).toString('latin1').replaceAll(ambiguous, '\\x5c')
    return text.replaceAll(/[^\u0020-\u007E]/g, character => escapeByte(character.charCodeAt(0)))
  }
}

/** The bytes that toPrintable() has rendered. */
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

/** The last boundary between UTF-8 characters at or before `end`. */
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
