/** So many are shown in all; of more kinds than that one each. */
export const EXAMPLES_MAX = 10

/**
 * Some of what was found, for people: every kind that was found, the worst kinds first; of
 * each kind the first few, as many as leave the others room.
 * @param worstFirst all kinds
 */
export function pickExamples<Kind extends string, T extends {readonly kind: Kind}>(
  found: readonly T[],
  {worstFirst, most = EXAMPLES_MAX}: {worstFirst: readonly Kind[]; most?: number},
): T[] {
  const ofKinds = new Map<Kind, T[]>(worstFirst.map(kind => [kind, []]))
  for (const one of found) {
    const ofKind = ofKinds.get(one.kind)
    if (ofKind !== undefined && ofKind.length < most) ofKind.push(one)
  }
  const groups = [...ofKinds.values()].filter(({length}) => length > 0)
  // One of each, then one more in turn, the worst kinds first, until there is no room or nothing more.
  const picked = new Set(groups.map(([first]) => first))
  for (let place = 1; place < most; place++) {
    for (const one of groups.flatMap(group => group[place] ?? [])) if (picked.size < most) picked.add(one)
  }
  return groups.flatMap(group => group.filter(one => picked.has(one)))
}
