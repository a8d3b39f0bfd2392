/** Numbers, dates and amounts in plain British English. */

const number = new Intl.NumberFormat("en-GB");
const oneDecimal = new Intl.NumberFormat("en-GB", { maximumFractionDigits: 1 });
const day = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
const dayMonth = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long", timeZone: "UTC" });
const weekday = new Intl.DateTimeFormat("en-GB", { weekday: "long", day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });

export function count(value: number): string {
  return number.format(value);
}

/** "1 photo", "2,048 photos". */
export function counted(value: number, one: string, many = `${one}s`): string {
  return `${number.format(value)} ${value === 1 ? one : many}`;
}

/** "3.4 MB"; decimal units, as file managers count. */
export function bytes(value: number): string {
  const units = ["bytes", "kB", "MB", "GB", "TB"];
  let size = value;
  let unit = 0;
  while (size >= 1000 && unit < units.length - 1) {
    size /= 1000;
    unit += 1;
  }
  return `${unit > 1 && size < 100 ? oneDecimal.format(size) : number.format(Math.round(size))} ${units[unit]!}`;
}

/** "about 2 minutes": how long something will still take; rough on purpose, so that it does not flicker. */
export function duration(seconds: number): string {
  if (seconds < 10) return "a few seconds";
  if (seconds < 55) return `about ${Math.ceil(seconds / 10) * 10} seconds`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `about ${counted(Math.max(1, minutes), "minute")}`;
  const hours = Math.round(minutes / 30) / 2;
  return `about ${hours === 1 ? "an hour" : `${oneDecimal.format(hours)} hours`}`;
}

/** "18 a second"; below one, "20 a minute". */
export function rate(perSecond: number): string {
  if (perSecond >= 10) return `${number.format(Math.round(perSecond))} a second`;
  if (perSecond >= 1) return `${oneDecimal.format(perSecond)} a second`;
  return `${number.format(Math.round(perSecond * 60))} a minute`;
}

/** "14.2 ms". */
export function milliseconds(value: number): string {
  return `${oneDecimal.format(value)} ms`;
}

/** "5 May 2024" of milliseconds since 1970 on the camera's clock. */
export function dayOf(taken: number): string {
  return Number.isNaN(taken) ? "" : day.format(taken);
}

/** "5 May" of milliseconds since 1970 on the camera's clock. */
export function dayAndMonth(taken: number): string {
  return dayMonth.format(taken);
}

/** "2019 to 2024", of moments with the latest first; empty where none is known. */
export function years(taken: Float64Array): string {
  const known = taken.filter((each) => !Number.isNaN(each));
  const [last, first] = [known[0], known.at(-1)].map((each) => (each === undefined ? "" : String(new Date(each).getUTCFullYear())));
  return first === last ? first! : `${first} to ${last}`;
}

export interface Moment {
  /** "Sunday 5 May 2024". */
  day: string;
  /** "14:32:10", empty where the moment is only a day. */
  clock: string;
  /** "+02:00", empty where the photo does not say. */
  zone: string;
}

/** Split an ISO 8601 moment as it was on the camera's clock, wherever the reader is. */
export function moment(iso: string): Moment | null {
  const parts = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2})?)(?:\.\d+)?(Z|[+-]\d{2}:?\d{2})?)?/.exec(iso);
  if (!parts) return null;
  const [, year, month, date, clock = "", zone = ""] = parts;
  return { day: weekday.format(Date.UTC(Number(year), Number(month) - 1, Number(date))).replace(",", ""), clock, zone: zone === "Z" ? "+00:00" : zone };
}

/** "1/250 s" or "2.5 s". */
export function exposureTime(seconds: number): string {
  return seconds >= 0.3 ? `${oneDecimal.format(seconds)} s` : `1/${number.format(Math.round(1 / seconds))} s`;
}

/** "12.2 megapixels". */
export function megapixels(width: number, height: number): string {
  const amount = oneDecimal.format((width * height) / 1e6);
  return `${amount} ${amount === "1" ? "megapixel" : "megapixels"}`;
}

/** The file's own name of a path as it was dropped. */
export function fileName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

export function folderName(path: string): string {
  const slash = path.lastIndexOf("/");
  return slash < 0 ? "" : path.slice(0, slash);
}

/** A length for a style. */
export function px(value: number): string {
  return `${value}px`;
}

export function sentence(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
