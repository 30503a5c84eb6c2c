/** A range of items: `count` of them from number `first` on. */
export interface Share {
  readonly first: number
  readonly count: number
}

/** Divides `total` items into `parts` adjacent ranges whose sizes differ by at most one: 10 in 3 = 4, 3, 3. */
export function share({total, parts}: {total: number; parts: number}): Share[] {
  const each = Math.floor(total / parts)
  const remainder = total % parts
  return Array.from({length: parts}, (_, part) => ({
    first: part * each + Math.min(part, remainder),
    count: each + (part < remainder ? 1 : 0),
  }))
}
