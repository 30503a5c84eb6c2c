/** Changes a run while it is running. */
export class RunControl {
  #changeRate: ((ratePerSecond: number) => boolean) | undefined

  /**
   * Changes the rate of all connections together, from now on.
   * @returns false when it cannot: in a closed loop, and before or after the load itself
   */
  changeRate(ratePerSecond: number): boolean {
    return this.#changeRate?.(ratePerSecond) ?? false
  }

  /** Connects it to a run; undefined when the run cannot be changed any more. */
  attach(changeRate: ((ratePerSecond: number) => boolean) | undefined): void {
    this.#changeRate = changeRate
  }
}
