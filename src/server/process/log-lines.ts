const LINE_MAX_CHARS = 2000

/** Cuts text that arrives in pieces into lines; an endless line is cut at 2000 characters. */
export class LineSplitter {
  #rest = ''

  push(text: string): string[] {
    const lines = (this.#rest + text).split(/\r?\n/)
    this.#rest = lines.pop() ?? ''
    if (this.#rest.length > LINE_MAX_CHARS) lines.push(this.flush())
    return lines.map(beginningOf)
  }

  /** The last line when it has no line end. */
  flush(): string {
    const rest = this.#rest
    this.#rest = ''
    return beginningOf(rest)
  }
}

/** A copy, where it is cut: a slice would keep all of the text in memory for as long as the line is kept. */
function beginningOf(line: string): string {
  if (line.length <= LINE_MAX_CHARS) return line
  return Buffer.from(line.slice(0, LINE_MAX_CHARS), 'utf16le').toString('utf16le')
}
