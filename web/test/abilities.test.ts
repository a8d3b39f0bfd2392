import assert from "node:assert/strict";
import { test } from "node:test";
import { lacksOf, type Abilities } from "../src/abilities";

const CHROMIUM: Abilities = { folders: true, graphics: true, smallDecoding: true, forgets: false };

test("a browser that can do it all has nothing to explain", () => {
  assert.deepEqual(lacksOf(CHROMIUM), []);
});

test("each lack is told, with what follows from it", () => {
  const firefox = lacksOf({ ...CHROMIUM, folders: false, graphics: false });
  assert.deepEqual(firefox.map(({ title }) => title), ["It does not remember folders", "No graphics processor for pages"]);
  assert.match(firefox[0]!.meaning, /choose the folder again/);
  const safari = lacksOf({ folders: false, graphics: true, smallDecoding: false, forgets: true });
  assert.match(safari[0]!.meaning, /seven days/);
  assert.equal(safari.length, 3);
});
