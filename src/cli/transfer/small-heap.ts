import {setFlagsFromString} from 'node:v8'

/**
 * Keeps V8 from making room for more and more short-lived objects, which items on their way all are. Measured with
 * 1,000,000 items of 1 KB: a dump has 133 MB at most instead of 203, and takes as long.
 */
export function keepHeapSmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1')
}
