/**
 * Where a list is being read. Scrolling back freezes the list as it is, so that
 * the lines hold still while new ones arrive; reaching the end follows again.
 */
export type Scroll<Item> =
  | {readonly mode: 'follow'}
  | {
      readonly mode: 'held'
      readonly items: readonly Item[]
      /** Items below the last one shown. */
      readonly fromEnd: number
    }

export const following: {readonly mode: 'follow'} = {mode: 'follow'}

export interface ScrollOptions<Item> {
  readonly scroll: Scroll<Item>
  readonly items: readonly Item[]
  /** Items towards the end; negative scrolls back. */
  readonly by: number
  /** Items that fit on the screen. */
  readonly height: number
}

export function scrollBy<Item>({scroll, items, by, height}: ScrollOptions<Item>): Scroll<Item> {
  const list = scroll.mode === 'held' ? scroll.items : items
  const before = scroll.mode === 'held' ? scroll.fromEnd : 0
  const fromEnd = Math.min(Math.max(0, before - by), Math.max(0, list.length - height))
  return fromEnd === 0 ? following : {mode: 'held', items: list, fromEnd}
}

/** The items to draw, oldest first. */
export function visible<Item>(scroll: Scroll<Item>, items: readonly Item[], height: number): readonly Item[] {
  const list = scroll.mode === 'held' ? scroll.items : items
  const end = list.length - (scroll.mode === 'held' ? scroll.fromEnd : 0)
  return list.slice(Math.max(0, end - height), Math.max(end, Math.min(height, list.length)))
}
