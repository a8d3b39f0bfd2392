/** Photos through the lanes of a pass: each is looked at once, whatever happens to others. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { lookThrough, type LookBatch, type LookSteps } from "../src/indexing/look-lanes";
import { Ended, Turns } from "../src/indexing/turns";

const IDS = Array.from({ length: 23 }, (_, number) => `photo ${number}`);
const later = () => new Promise<void>((resolve) => setTimeout(resolve));

/** A pass that can decode everything, and notes what it was sent. */
function pass(changes: Partial<LookSteps> = {}): { steps: LookSteps; sent: LookBatch[]; failed: unknown[] } {
  const sent: LookBatch[] = [];
  const failed: unknown[] = [];
  const turns = new Turns(() => true);
  const steps: LookSteps = {
    turns,
    see: async () => ({ kind: "ready", pixels: new Uint8Array(3), width: 1, height: 1 }),
    send: async (batch) => { await later(); sent.push(batch); },
    fail: (error) => { failed.push(error); turns.stop(); },
    ...changes,
  };
  return { steps, sent, failed };
}

const looked = (sent: LookBatch[]) => sent.flatMap(({ photos }) => photos.map(({ id }) => id)).sort();

test("every photo is sent once, a few at a time, with its pixels", async () => {
  const { steps, sent } = pass();
  await lookThrough(IDS, steps);
  assert.deepEqual(looked(sent), [...IDS].sort());
  for (const { photos, pixels } of sent) assert.ok(photos.length <= 4 && photos.length === pixels.length);
});

test("what cannot be decoded is told, and what waits for its file is left out", async () => {
  const { steps, sent } = pass({ see: async (id) => ({ kind: id === IDS[3] ? "missed" : "waits" }) });
  await lookThrough(IDS, steps);
  assert.deepEqual(sent.flatMap(({ missed }) => missed), [IDS[3]]);
  assert.deepEqual(looked(sent), []);
});

test("a photo that lost its worker comes again", async () => {
  const lost = new Set(IDS.slice(0, 5));
  const { steps, sent } = pass();
  const { see } = steps;
  await lookThrough(IDS, { ...steps, see: async (id) => (lost.delete(id) ? null : see(id)) });
  assert.deepEqual(looked(sent), [...IDS].sort());
});

test("what goes wrong in one lane is told once, and ends the others", async () => {
  const { steps, sent, failed } = pass();
  let calls = 0;
  const send = async (batch: LookBatch) => {
    calls += 1;
    if (calls === 2) throw new Error("the disk is full");
    await steps.send(batch);
  };
  await assert.rejects(lookThrough(IDS, { ...steps, send }), Ended);
  assert.equal((failed[0] as Error).message, "the disk is full");
  assert.ok(failed.slice(1).every((error) => error instanceof Ended));
  assert.ok(looked(sent).length < IDS.length);
});

test("nothing goes on while it is not this pass's turn, and all of it afterwards", async () => {
  let may = false;
  const turns = new Turns(() => may);
  const { steps, sent } = pass({ turns });
  const done = lookThrough(IDS, steps);
  await later();
  turns.wake();
  await later();
  assert.equal(sent.length, 0);
  may = true;
  turns.wake();
  await done;
  assert.deepEqual(looked(sent), [...IDS].sort());
});

test("a pass that waits for its turn can be ended, and begun again", async () => {
  const turns = new Turns(() => false);
  const { steps } = pass({ turns });
  const done = lookThrough(IDS, steps);
  turns.stop();
  await assert.rejects(done, Ended);
  turns.begin();
  assert.equal(turns.signal.aborted, false);
});
