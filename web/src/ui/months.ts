/** Months of photos: cutting a date-ordered column into groups, quickly enough for 100,000 photos on every change. */

export interface Groups {
  /** Index of the first photo of each group. */
  starts: Int32Array;
  /** Heading of each group; empty for none. */
  titles: string[];
  /** A number that stays the same for the same group while photos come and go. */
  keys: number[];
  /** Year of each group, 0 where there is none. */
  years: number[];
}

export const UNDATED = -1;
const DAY = 86_400_000;

/** Year times 12 plus month (0..11) of a moment in milliseconds since 1970; UNDATED for NaN. */
export function monthKey(taken: number): number {
  if (Number.isNaN(taken)) return UNDATED;
  // Days to civil date without a Date object each (the proleptic Gregorian calendar in eras of 400 years from March 1st).
  const days = Math.floor(taken / DAY) + 719_468;
  const era = Math.floor(days / 146_097);
  const dayOfEra = days - era * 146_097;
  const yearOfEra = Math.floor((dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365);
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const fromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const month = fromMarch < 10 ? fromMarch + 2 : fromMarch - 10;
  const year = yearOfEra + era * 400 + (month <= 1 ? 1 : 0);
  return year * 12 + month;
}

const monthName = new Intl.DateTimeFormat("en-GB", { month: "long", year: "numeric", timeZone: "UTC" });

export function monthTitle(key: number): string {
  if (key === UNDATED) return "No date";
  return monthName.format(Date.UTC(Math.floor(key / 12), key % 12, 1));
}

/** Cut a column of moments (any order, equal months side by side) into months. */
export function byMonth(taken: Float64Array): Groups {
  const starts: number[] = [];
  const keys: number[] = [];
  let last = Number.NaN;
  for (let index = 0; index < taken.length; index += 1) {
    const key = monthKey(taken[index]!);
    if (key === last) continue;
    starts.push(index);
    keys.push(key);
    last = key;
  }
  return {
    starts: Int32Array.from(starts), keys, titles: keys.map(monthTitle),
    years: keys.map((key) => (key === UNDATED ? 0 : Math.floor(key / 12))),
  };
}

/** One group without a heading, and a second one, with a heading, for what is less likely. */
export function byLikelihood(count: number, likely: number, title: string): Groups {
  if (likely >= count) return { starts: Int32Array.of(0), keys: [0], titles: [""], years: [0] };
  if (likely === 0) return { starts: Int32Array.of(0), keys: [1], titles: [title], years: [0] };
  return { starts: Int32Array.of(0, likely), keys: [0, 1], titles: ["", title], years: [0, 0] };
}
