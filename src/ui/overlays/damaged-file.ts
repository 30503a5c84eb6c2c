import {type Page, pageOf} from './page.js'

/** A text that says what is wrong with a file of the history, and how to be rid of it. */
export function damagedFilePage({title, flaw, path}: {title: string; flaw: string; path: string}): Page {
  const text = [flaw, '', `file  ${path}`, '', 'd in the list of 5 Report deletes it. Nothing else depends on it.']
  return pageOf(`${title} cannot be read`, text.join('\n'))
}
