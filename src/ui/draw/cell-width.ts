import {createRequire} from 'node:module'

/**
 * What the screens are made of: letters of Europe, dashes and dots, arrows, frames,
 * blocks, shapes and check marks, each one cell wide. Combining marks, emoji and
 * invisible characters are none of them.
 */
const narrowPattern =
  /^[\u0020-\u007E\u00A1-\u00AC\u00AE-\u02FF\u2010-\u2027\u2030-\u205E\u2190-\u21FF\u2500-\u25FC\u2713\u2716\u2717]*$/

type Measure = (text: string, options?: object) => number
let measure: Measure | undefined

/**
 * Width in terminal cells. What is not plainly narrow is measured by a library
 * that is slow to load and to ask, so it is loaded only then.
 */
export function cellWidth(text: string, options?: object): number {
  if (narrowPattern.test(text)) return text.length
  measure ??= loadMeasure()
  return measure(text, options)
}

function loadMeasure(): Measure {
  const require = createRequire(import.meta.url)
  return (require('string-width') as {default: Measure}).default
}
