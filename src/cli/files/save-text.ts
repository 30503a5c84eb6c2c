import {writeFile} from 'node:fs/promises'
import {resolve} from 'node:path'
import {printableLines} from '../../protocol/printable.js'

/** Writes a new file into the working directory, named after what it holds and the time; its path. */
export async function saveText({name, text}: {name: string; text: string}): Promise<string> {
  const [date = '', time = ''] = new Date().toISOString().split(/[T.]/)
  const stem = `repbench-${name.replaceAll(/[^\w.-]/g, '_')}-${date.replaceAll('-', '')}-${time.replaceAll(':', '')}`
  for (let number = 1; ; number++) {
    const file = resolve(number === 1 ? `${stem}.txt` : `${stem}-${number}.txt`)
    try {
      // Never over a file that is there: it may be somebody's.
      await writeFile(file, printableLines(text), {flag: 'wx'})
      return file
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
  }
}
