import assert from "node:assert/strict";
import { test } from "node:test";
import { byLikelihood, byMonth, monthKey, monthTitle, UNDATED } from "../src/ui/months";

test("months agree with the calendar, leap days and years before 1970 included", () => {
  for (let time = Date.UTC(1826, 0, 1); time < Date.UTC(2101, 0, 1); time += 86_400_000 * 13.37) {
    const date = new Date(time);
    assert.equal(monthKey(time), date.getUTCFullYear() * 12 + date.getUTCMonth(), date.toISOString());
  }
  for (const [time, title] of [[Date.UTC(2024, 1, 29, 23, 59), "February 2024"], [Date.UTC(2000, 2, 1), "March 2000"], [-1, "December 1969"]] as const) {
    assert.equal(monthTitle(monthKey(time)), title);
  }
});

test("a column is cut where the month changes, photos without a date last", () => {
  const groups = byMonth(Float64Array.of(Date.UTC(2024, 4, 9), Date.UTC(2024, 4, 1), Date.UTC(2023, 11, 31), Number.NaN, Number.NaN));
  assert.deepEqual([...groups.starts], [0, 2, 3]);
  assert.deepEqual(groups.titles, ["May 2024", "December 2023", "No date"]);
  assert.deepEqual(groups.years, [2024, 2023, 0]);
  assert.equal(groups.keys.at(-1), UNDATED);
  assert.deepEqual(byMonth(new Float64Array()).titles, []);
});

test("what is less likely has a heading of its own", () => {
  assert.deepEqual(byLikelihood(5, 5, "Less likely").titles, [""]);
  assert.deepEqual([...byLikelihood(5, 3, "Less likely").starts], [0, 3]);
  assert.deepEqual(byLikelihood(5, 0, "Less likely").titles, ["Less likely"]);
});
