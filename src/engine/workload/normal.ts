/** A draw of the standard normal distribution: Box and Muller's transform. @param random from 0 up to but not 1 */
export function drawNormal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}
