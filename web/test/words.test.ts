import assert from "node:assert/strict";
import { test } from "node:test";
import * as words from "../src/ui/words";

test("counts and amounts", () => {
  assert.equal(words.counted(1, "photo"), "1 photo");
  assert.equal(words.counted(2048, "photo"), "2,048 photos");
  assert.deepEqual([0, 999, 34_200, 3_412_233, 412e6, 61.24e9].map(words.bytes), ["0 bytes", "999 bytes", "34 kB", "3.4 MB", "412 MB", "61.2 GB"]);
});

test("times are rough on purpose", () => {
  assert.deepEqual([3, 41, 61, 190, 3600, 9000].map(words.duration),
    ["a few seconds", "about 50 seconds", "about 1 minute", "about 3 minutes", "about an hour", "about 2.5 hours"]);
  assert.deepEqual([18.3, 4.26, 0.5].map(words.rate), ["18 a second", "4.3 a second", "30 a minute"]);
});

test("a moment is told on the camera's clock", () => {
  assert.deepEqual(words.moment("2024-05-05T14:32:10.120+02:00"), { day: "Sunday 5 May 2024", clock: "14:32:10", zone: "+02:00" });
  assert.deepEqual(words.moment("2019-05-01"), { day: "Wednesday 1 May 2019", clock: "", zone: "" });
  assert.equal(words.moment("yesterday"), null);
});

test("years of photos, the latest first, some without a date", () => {
  const day = (iso: string): number => Date.parse(iso);
  assert.equal(words.years(Float64Array.of(Number.NaN, day("2024-01-01"), day("2021-06-01"), day("2019-12-31"), Number.NaN)), "2019 to 2024");
  assert.equal(words.years(Float64Array.of(day("2024-12-31"), day("2024-01-01"))), "2024");
  assert.equal(words.years(Float64Array.of(Number.NaN)), "");
});

test("cameras and files", () => {
  assert.deepEqual([0.004, 0.5, 2.5].map(words.exposureTime), ["1/250 s", "0.5 s", "2.5 s"]);
  assert.equal(words.fileName("2019/summer/IMG_1.jpg"), "IMG_1.jpg");
  assert.equal(words.folderName("2019/summer/IMG_1.jpg"), "2019/summer");
  assert.equal(words.folderName("IMG_1.jpg"), "");
});
