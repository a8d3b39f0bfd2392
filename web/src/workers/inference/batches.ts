/** Small helpers on batches of tensors: padding, comparing, and telling good results from broken ones. */
import type { Tensor } from "../../messages";

/** WebGPU compiles its programs for a shape: photos go through it one by one or in batches of this many. */
export const FULL_BATCH = 8;

export function rows(feeds: Tensor[]): number {
  return feeds[0]?.dims[0] ?? 0;
}

/** The same tensors with `count` rows: what is missing is zero, what is too much is cut. */
export function withRows(tensors: Tensor[], count: number): Tensor[] {
  return tensors.map((tensor) => {
    const [have = 0, ...rest] = tensor.dims;
    if (have === count) return tensor;
    const width = rest.reduce((product, side) => product * side, 1);
    const data = new (tensor.data.constructor as new (length: number) => Tensor["data"])(count * width);
    const part = tensor.data.subarray(0, Math.min(have, count) * width);
    (data as { set(from: typeof part): void }).set(part);
    return { ...tensor, dims: [count, ...rest], data };
  });
}

/** Some rows, as a batch of their own. */
export function rowsFrom(tensors: Tensor[], from: number, count: number): Tensor[] {
  return tensors.map((tensor) => {
    const [have = 0, ...rest] = tensor.dims;
    if (have === count) return tensor;
    const width = rest.reduce((product, side) => product * side, 1);
    return { ...tensor, dims: [count, ...rest], data: tensor.data.slice(from * width, (from + count) * width) as Tensor["data"] };
  });
}

/** Part of a batch, and the rows of the batch in which it runs. */
export interface Piece {
  from: number;
  count: number;
  size: number;
}

/** So many photos as full batches, the last of them at least half full, and what is left one by one. */
export function pieces(photos: number): Piece[] {
  const found: Piece[] = [];
  for (let from = 0; from < photos; from += found.at(-1)!.count) {
    const left = photos - from;
    const size = left >= FULL_BATCH / 2 ? FULL_BATCH : 1;
    found.push({ from, count: Math.min(size, left), size });
  }
  return found;
}

/** Batches, on top of each other. */
export function stacked(batches: Tensor[][]): Tensor[] {
  if (batches.length === 1) return batches[0]!;
  return (batches[0] ?? []).map((first, place) => {
    const parts = batches.map((batch) => batch[place]!);
    const all = withRows([first], parts.reduce((sum, { dims }) => sum + (dims[0] ?? 0), 0))[0]!;
    let at = 0;
    for (const { data } of parts) {
      (all.data as { set(from: unknown, at: number): void }).set(data, at);
      at += data.length;
    }
    return all;
  });
}

/** A batch of the same shape filled with a fixed pattern: the photo that every engine must see alike. */
export function canary(feeds: Tensor[]): Tensor[] {
  return withRows(feeds, FULL_BATCH).map((tensor) => {
    if (tensor.type === "int64") return tensor;
    const scale = tensor.type === "uint8" ? 1 : 1 / 255;
    const data = tensor.data.slice() as Float32Array<ArrayBuffer> | Uint8Array<ArrayBuffer>;
    for (let i = 0; i < data.length; i++) data[i] = (((i % 576) * 3 + ((i / 576) | 0) * 5 + (i % 7) * 11) % 256) * scale;
    return { ...tensor, data };
  });
}

/** Are all numbers finite, and no row of the results all zero? */
export function sound(outputs: Tensor[]): boolean {
  return outputs.every(({ type, data, dims }) => {
    if (type !== "float32" || data.length === 0) return true;
    const count = dims[0] || 1;
    const width = data.length / count;
    for (let row = 0; row < count; row++) {
      let norm = 0;
      for (let i = row * width; i < (row + 1) * width; i++) norm += Number(data[i]) ** 2;
      if (!Number.isFinite(norm) || norm === 0) return false;
    }
    return true;
  });
}

/** The lowest cosine between the first rows of two runs' results. */
export function agreement(left: Tensor[], right: Tensor[]): number {
  let lowest = 1;
  for (const one of left) {
    const other = right.find(({ name }) => name === one.name);
    if (!other) return -1;
    const width = one.data.length / (one.dims[0] || 1);
    let product = 0;
    let here = 0;
    let there = 0;
    for (let i = 0; i < width; i++) {
      const a = Number(one.data[i]);
      const b = Number(other.data[i]);
      product += a * b;
      here += a * a;
      there += b * b;
    }
    lowest = Math.min(lowest, product / Math.sqrt(here * there || 1));
  }
  return lowest;
}
