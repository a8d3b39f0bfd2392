import assert from "node:assert/strict";
import { test } from "node:test";
import type { Route } from "../src/ui/router";
import { format, parse } from "../src/ui/router";

const ROUTES: [string, Route][] = [
  ["#/", { base: { page: "photos" }, photo: null }],
  ["#/search?q=two+dogs+%26+snow", { base: { page: "search", query: "two dogs & snow", sort: "relevance" }, photo: null }],
  ["#/search?q=dog&sort=date", { base: { page: "search", query: "dog", sort: "date" }, photo: null }],
  ["#/similar/00ff", { base: { page: "similar", id: "00ff" }, photo: null }],
  ["#/people", { base: { page: "people" }, photo: null }],
  ["#/people/00ff", { base: { page: "person", id: "00ff" }, photo: null }],
  ["#/places", { base: { page: "places", at: "" }, photo: null }],
  ["#/places?at=48.8584,2.2945,11", { base: { page: "places", at: "48.8584,2.2945,11" }, photo: null }],
  ["#/photo/00ff?map=48.8584%2C2.2945%2C11", { base: { page: "places", at: "48.8584,2.2945,11" }, photo: "00ff" }],
  ["#/settings", { base: { page: "settings" }, photo: null }],
  ["#/failures", { base: { page: "failures" }, photo: null }],
  ["#/check", { base: { page: "check" }, photo: null }],
  ["#/photo/00ff", { base: { page: "photos" }, photo: "00ff" }],
  ["#/photo/00ff?q=dog", { base: { page: "search", query: "dog", sort: "relevance" }, photo: "00ff" }],
  ["#/photo/00ff?like=aa11", { base: { page: "similar", id: "aa11" }, photo: "00ff" }],
  ["#/photo/00ff?person=aa11", { base: { page: "person", id: "aa11" }, photo: "00ff" }],
];

test("an address is read as it was written", () => {
  for (const [address, route] of ROUTES) {
    assert.deepEqual(parse(address), route, address);
    assert.equal(format(route), address);
  }
});

test("what is not understood is the photos page", () => {
  for (const address of ["", "#", "#/nowhere", "#/search", "#/search?q=%20", "#/similar/", "#/photo/"]) {
    assert.deepEqual(parse(address), { base: { page: "photos" }, photo: null }, address);
  }
});
