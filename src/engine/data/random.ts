/** A stream of pseudo-random numbers (sfc32): the same seed and stream number give the same sequence everywhere. */
export class Random {
  #a: number
  #b: number
  #c: number
  #counter = 1

  constructor({seed, stream}: {seed: number; stream: number}) {
    this.#a = seed | 0
    this.#b = stream | 0
    this.#c = Math.floor(seed / 2 ** 32) | 0
    // Similar seeds give similar sequences at first.
    for (let i = 0; i < 15; i++) this.next()
  }

  /** From 0 up to but not 1. An arrow function, so that it can be passed as a value. */
  readonly next = (): number => {
    const sum = (((this.#a + this.#b) | 0) + this.#counter) | 0
    this.#counter = (this.#counter + 1) | 0
    this.#a = this.#b ^ (this.#b >>> 9)
    this.#b = (this.#c + (this.#c << 3)) | 0
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0
    return (sum >>> 0) / 2 ** 32
  }
}
