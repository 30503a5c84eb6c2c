/** The part of a list that is shown in `room` rows, so that the item at `index` is among them. */
export function windowAround<Item>(
  items: readonly Item[],
  index: number,
  room: number,
): {readonly first: number; readonly shown: readonly Item[]} {
  const rows = Math.max(0, room)
  const first = Math.max(0, Math.min(index - Math.floor(rows / 2), items.length - rows))
  return {first, shown: items.slice(first, first + rows)}
}
