const LINE_MAX_CHARS = 2000

/** Cuts text that arrives in pieces into lines; an endless line is cut at 2000 characters. */
export class LineSplitter {
  #rest = ''

  push(text: string): string[] {
    const lines = (this.#rest + text).split(/\r?\n/)
    this.#rest = lines.pop() ?? ''
    if (this.#rest.length > LINE_MAX_CHARS) lines.push(this.flush())
    return lines.map(line => line.slice(0, LINE_MAX_CHARS))
  }

  /** The last line when it has no line end. */
  flush(): string {
    const rest = this.#rest
    this.#rest = ''
    return rest.slice(0, LINE_MAX_CHARS)
  }
}
