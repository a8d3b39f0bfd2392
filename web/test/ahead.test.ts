import assert from "node:assert/strict";
import { test } from "node:test";
import { ahead } from "../src/ahead";

/** Counts to `end`, noting how far it was asked to. */
function counting(end: number): { source: AsyncGenerator<number, void>; asked: () => number } {
  let asked = 0;
  async function* count(): AsyncGenerator<number, void> {
    while (asked < end) {
      asked += 1;
      yield asked;
      await new Promise((resolve) => setTimeout(resolve));
    }
  }
  return { source: count(), asked: () => asked };
}

async function all(source: AsyncGenerator<number, void>): Promise<number[]> {
  const found = [];
  for await (const value of source) found.push(value);
  return found;
}

test("everything comes, in order, whether there is more or less than is fetched ahead", async () => {
  for (const end of [0, 1, 3, 4, 20]) {
    assert.deepEqual(await all(ahead(counting(end).source, 4)), Array.from({ length: end }, (_, index) => index + 1));
  }
});

test("fetching begins at once, and stays no more ahead than it may", async () => {
  const { source, asked } = counting(20);
  const found = ahead(source, 4);
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.equal(asked(), 4);
  await found.next();
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.equal(asked(), 5);
});

test("what fails is told to whoever takes it, after what came before", async () => {
  async function* failing(): AsyncGenerator<number, void> {
    yield 1;
    throw new Error("the disk is gone");
  }
  const found = ahead(failing(), 4);
  assert.deepEqual(await found.next(), { done: false, value: 1 });
  await assert.rejects(found.next(), /the disk is gone/);
});
