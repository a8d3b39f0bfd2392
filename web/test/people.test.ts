import assert from "node:assert/strict";
import { test } from "node:test";
import type { Person } from "../src/contract";
import { called, folded, namesLike, sorted } from "../src/ui/people/sorting";

function person(id: string, name: string, count: number, hidden = false): Person {
  const cover = { id: `${id}/0,0,10,10`, photo: id, box: [0, 0, 10, 10], size: [100, 100], score: 1 } satisfies Person["cover"];
  return { id, name, hidden, count, faceCount: count, cover, faces: [] };
}

const ids = (people: readonly Person[]): string[] => people.map(({ id }) => id);
const EVERYBODY = [
  person("anna", "Anna Müller", 2), person("jose", "José", 90), person("annette", "Annette", 5), person("ghost", "Ghost", 4, true),
  person("many", "", 40), person("three", "", 3), person("two", "", 2), person("one", "", 1), person("stranger", "", 9, true),
];

test("everybody stands in one part of the page, and small groups without a name are folded away", () => {
  const { named, unnamed, small, hidden } = sorted(EVERYBODY);
  assert.deepEqual(ids(named), ["anna", "jose", "annette"]);
  assert.deepEqual(ids(unnamed), ["many", "three"]);
  assert.deepEqual(ids(small), ["two", "one"]);
  assert.deepEqual(ids(hidden), ["ghost", "stranger"]);
});

test("a name is completed from the beginning of any of its words, whatever its case and accents", () => {
  assert.deepEqual(ids(namesLike(EVERYBODY, "ann", null, 9)), ["anna", "annette"]);
  assert.deepEqual(ids(namesLike(EVERYBODY, "mull", null, 9)), ["anna"]);
  assert.deepEqual(ids(namesLike(EVERYBODY, "JOSE", null, 9)), ["jose"]);
  assert.deepEqual(ids(namesLike(EVERYBODY, "nette", null, 9)), []);
});

test("completion offers neither the person who is being named nor more than there is room for", () => {
  assert.deepEqual(ids(namesLike(EVERYBODY, "ann", "anna", 9)), ["annette"]);
  assert.deepEqual(ids(namesLike(EVERYBODY, "", null, 2)), ["anna", "jose"]);
});

test("a name that somebody has is noticed, but not one's own and not none", () => {
  assert.equal(called(EVERYBODY, " anna  muller ", null)?.id, "anna");
  assert.equal(called(EVERYBODY, "Anna", null), undefined);
  assert.equal(called(EVERYBODY, "José", "jose"), undefined);
  assert.equal(called(EVERYBODY, " ", null), undefined);
});

test("letters are compared without accents, doubled spaces and case", () => {
  assert.equal(folded("  Ångström   Ł "), "angstrom ł");
});
