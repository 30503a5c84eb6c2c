// Control and format characters could move the cursor or change the terminal. Selectors of variants, skin tones and
// flags change the width of what stands before them, each terminal in its own way.
const unprintable =
  /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]|\p{Variation_Selector}|\p{Emoji_Modifier}|\p{Regional_Indicator}/gu
const decoder = new TextDecoder('utf-8', {fatal: true, ignoreBOM: true})

// A backslash that would read as an escape.
const ambiguous = /\\(?=x[0-9a-f]{2})/g

/** Bytes as text that is safe to print: UTF-8 where it is valid, the rest as \xNN. fromPrintable() is the way back. */
export function toPrintable(bytes: Uint8Array): string {
  try {
    return decoder
      .decode(bytes)
      .replaceAll(ambiguous, '\\x5c')
      .replaceAll(unprintable, character => escapeBytes(Buffer.from(character)))
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

function escapeBytes(bytes: Uint8Array): string {
  return Array.from(bytes, escapeByte).join('')
}

function escapeByte(byte: number): string {
  return `\\x${byte.toString(16).padStart(2, '0')}`
}
