import {quoted} from '../../../protocol/printable.js'

/** Characters that a column of names has room for. */
const NAME_MOST = 60

/** The name of a run, a drill or a topology, as lists show it: anybody may have written the file that it is from. */
export function listedName(name: string): string {
  return quoted(name, {most: NAME_MOST})
}
