/** Places in a text: JavaScript counts UTF-16 units, Python code points; they differ behind an emoji. */

/** How many code points stand before a place in UTF-16 units. */
export function toPoints(text: string, units: number): number {
  return [...text.slice(0, units)].length;
}

/** How many UTF-16 units stand before a place in code points. */
export function toUnits(text: string, points: number): number {
  return [...text].slice(0, points).join("").length;
}
