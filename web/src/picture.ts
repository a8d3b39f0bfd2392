/** A picture that is not in the library, as pixels to compare with. */
import { DecodePool } from "./indexing/decode-pool";
import { FallbackDecoder } from "./indexing/fallback-decoder";
import type { Decoded } from "./messages";

const SIDES = { minSide: 224, thumbSide: 64 };
const UNREADABLE = "This picture cannot be opened here. Try another one, or save it as JPEG or PNG first.";

const pool = new DecodePool(1);
const fallback = new FallbackDecoder();

export async function decodePicture(picture: Blob): Promise<Decoded> {
  if (picture.size === 0) throw new Error("This picture is empty. Try another one.");
  const photo = await pool.enter(picture.size, true);
  try {
    await photo.read(picture);
    // Browsers turn pictures upright by themselves in every format that is pasted.
    const order = { mime: picture.type || "image/jpeg", orientation: 1, width: 0, height: 0, ...SIDES };
    try {
      return await photo.decode(order);
    } catch {
      const name = picture instanceof File ? picture.name : "";
      return await fallback.decode({ data: await photo.take(), name, ...SIDES });
    }
  } catch {
    throw new Error(UNREADABLE);
  } finally {
    photo.release();
  }
}
