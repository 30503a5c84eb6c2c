import {toJson} from '../../protocol/printable.js'

/** A document as indented JSON; what others have written in it can't change the terminal that shows it. */
export function formatJson(document: object): string {
  return `${toJson(document, {indent: 2})}\n`
}

/** A document as one line. */
export function jsonLine(document: object): string {
  return `${toJson(document)}\n`
}
