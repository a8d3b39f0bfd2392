/** Which files are taken for pictures. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { isPicture, PICTURES } from "../src/ui/picture-files";

test("a file is a picture by its type, or by its ending where the system knows no type", () => {
  assert.ok(isPicture({ name: "a", type: "image/png" }));
  assert.ok(isPicture({ name: "IMG_1.HEIC", type: "" }));
  assert.ok(isPicture({ name: "holiday.2019.nef", type: "" }));
  assert.ok(!isPicture({ name: "a.heic", type: "text/plain" }));
  assert.ok(!isPicture({ name: "letter.pdf", type: "application/pdf" }));
  assert.ok(!isPicture({ name: "heic", type: "" }));
});

test("file choosers offer pictures of every kind", () => {
  for (const ending of [".heic", ".jp2", ".tif", ".cr3"]) assert.ok(PICTURES.split(",").includes(ending));
});
