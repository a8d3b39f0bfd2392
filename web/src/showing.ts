/** A photo in full for the screen, where the browser does not show its format: a JPEG, made by a codec or by Python. */
import type { Library } from "./client";
import type { Shown } from "./messages";
import { fallback, withPhoto } from "./spare-decoders";

/** Of `show`: neither pixels nor a thumbnail are wanted. */
const NO_SIDES = { minSide: 0, thumbSide: 0 };

/** Null where nobody can show it. */
export async function inFull(file: Blob, name: string, library: Library): Promise<Blob | null> {
  const shown = await withPhoto<Shown>(file, name, library, async (photo, order) => {
    if (order.decoder === "browser") {
      try {
        return await photo.show({ ...order, ...NO_SIDES });
      } catch (error) {
        if (!order.fallback) throw error;
      }
    }
    return fallback.show({ data: await photo.take(), name });
  });
  return shown && new Blob([shown.jpeg], { type: "image/jpeg" });
}
