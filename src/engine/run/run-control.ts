/** What the operator may change of a run while it is under way. */
export class RunControl {
  #changeRate: ((ratePerSecond: number) => boolean) | undefined

  /**
   * From now on calls are due at another rate, all connections together.
   * @returns false when that can't be: in a closed loop, and before or after the load itself
   */
  changeRate(ratePerSecond: number): boolean {
    return this.#changeRate?.(ratePerSecond) ?? false
  }

  /** Of the run that is controlled; undefined when there is nothing to change any more. */
  attach(changeRate: ((ratePerSecond: number) => boolean) | undefined): void {
    this.#changeRate = changeRate
  }
}
