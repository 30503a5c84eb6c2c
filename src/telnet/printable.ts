// Control and format characters could move the cursor or change the terminal.
const unprintable = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]/gu
const decoder = new TextDecoder('utf-8', {fatal: true, ignoreBOM: true})

/** Bytes as text that is safe to print: UTF-8 where it is valid, the rest as \xNN. */
export function toPrintable(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes).replaceAll(unprintable, character => escapeBytes(Buffer.from(character)))
  } catch {
    return Array.from(bytes, byte => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : escapeByte(byte))).join(
      '',
    )
  }
}

function escapeBytes(bytes: Uint8Array): string {
  return Array.from(bytes, escapeByte).join('')
}

function escapeByte(byte: number): string {
  return `\\x${byte.toString(16).padStart(2, '0')}`
}
