/** The clock on the wall, as photos hold it: milliseconds since 1970 as if it were UTC. */
export function localClock(): number {
  return Date.now() - new Date().getTimezoneOffset() * 60_000;
}
