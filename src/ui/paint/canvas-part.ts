/** Lines of a canvas: ready, or drawn in a turn of their own, as the painter has the time. */
export type CanvasPart = readonly string[] | (() => readonly string[])

export function linesOf(parts: readonly CanvasPart[]): string[] {
  return parts.flatMap(part => (typeof part === 'function' ? part() : part))
}
