import {getHeapSpaceStatistics, setFlagsFromString} from 'node:v8'

/** Two halves of 4 MB: with less, items on their way are taken for long-lived ones, and moved at a cost. */
const YOUNG_BYTES = 8 * 1024 * 1024
const OBJECTS = 2000
const LIVING_MAX = 20_000
const ROUNDS_MAX = 200

/**
 * Keeps V8 from making room for more and more short-lived objects, which items on their way all are. Measured with a
 * copy of 1,000,000 items of 1 KB: 120 MB at most instead of 190, at the same CPU time; with the room that V8 begins
 * with it would take a tenth more.
 */
export function keepHeapSmall(): void {
  // V8 makes the room only as objects outlive a collection, and cannot be told its size once it runs.
  let living: object[] = []
  for (let round = 0; round < ROUNDS_MAX && youngBytes() < YOUNG_BYTES; round++) {
    if (living.length >= LIVING_MAX) living = []
    for (let count = 0; count < OBJECTS; count++) living.push({count})
  }
  setFlagsFromString('--semi-space-growth-factor=1')
}

function youngBytes(): number {
  return getHeapSpaceStatistics().find(({space_name}) => space_name === 'new_space')?.space_size ?? YOUNG_BYTES
}
