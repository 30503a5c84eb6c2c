/**
 * What must never reach a terminal from another program. Written anew, apart from what the program itself looks for.
 */

/** A letter that nothing of ours writes: after a control sequence it tells whose that is. */
export const MARK = 'Ω'

const sequences = [
  '\u001B]0;title\u0007',
  '\u001B[31m',
  '\u001B[1m',
  '\u001B[2J',
  '\u001B[?1049h',
  '\u001Bc',
  '\u009B31m',
  '\u009D0;title\u009C',
  '\b',
  '\u007F',
  '\r',
  '\u0000',
  '\t',
  '\u202E',
  '\u2066',
  '\u061C',
  '\u200F',
  '\u2028',
]

/** Sets the title, colours, erases, turns the direction of reading; every sequence with the mark behind it. */
export const hostileText = sequences.map(sequence => `${sequence}${MARK}`).join('')

/** The same where a line end or a blank would end what is quoted. */
export const hostileWord = hostileText.replaceAll(/[\r\n\t\0\u2028 ]/g, '')

/** First and last code of what is never ours: controls but ESC, line ends and tabs; DEL, C1; the direction of reading. */
const neverOurs = [
  [0x00, 0x08],
  [0x0b, 0x0c],
  [0x0e, 0x1a],
  [0x1c, 0x1f],
  [0x7f, 0x9f],
  [0x061c, 0x061c],
  [0x200e, 0x200f],
  [0x2028, 0x202e],
  [0x2066, 0x2069],
] as const

/** Ours only where a program draws. */
const drawing = ['\t', '\r', '\u001B']

/** A style could be ours, with what it colours behind it. */
const neverDrawn = sequences.filter(sequence => sequence !== '\u001B[1m').map(sequence => `${sequence}${MARK}`)

export interface Allowed {
  /** A program that draws has sequences of its own, and clears the line it draws over. */
  readonly draws?: boolean
}

/** All that is dangerous in what a program has printed, as codes; nothing when it is safe. */
export function hazardsIn(printed: string, {draws = false}: Allowed = {}): string[] {
  const characters = Array.from(new Set(printed)).filter(character => {
    const code = character.codePointAt(0)!
    if (!draws && drawing.includes(character)) return true
    return neverOurs.some(([first, last]) => code >= first && code <= last)
  })
  const whole = neverDrawn.filter(sequence => printed.includes(sequence))
  return [...characters, ...whole].map(asCodes)
}

function asCodes(hazard: string): string {
  return Array.from(hazard, character => `U+${character.codePointAt(0)!.toString(16).padStart(4, '0')}`).join(' ')
}
