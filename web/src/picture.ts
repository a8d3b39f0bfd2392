/** A picture that is not in the library, as pixels to compare with. */
import type { Library } from "./client";
import { isCodecMissing } from "./indexing/decode-pool";
import type { Decoded } from "./messages";
import { fallback, withPhoto } from "./spare-decoders";

const SIDES = { minSide: 224, thumbSide: 64 };
const UNREADABLE = "This picture cannot be opened here. Try another one, or save it as JPEG or PNG first.";

export async function decodePicture(picture: Blob, library: Library): Promise<Decoded> {
  if (picture.size === 0) throw new Error("This picture is empty. Try another one.");
  const name = picture instanceof File ? picture.name : "";
  let decoded: Decoded | null = null;
  try {
    decoded = await withPhoto(picture, name, library, async (photo, order) => {
      if (order.decoder === "browser") {
        try {
          return await photo.decode({ ...order, ...SIDES });
        } catch (error) {
          if (!order.fallback) throw error;
        }
      }
      return fallback.decode({ data: await photo.take(), name, orientation: order.orientation, ...SIDES });
    });
  } catch (error) {
    throw new Error(isCodecMissing(error) ? error.message : UNREADABLE);
  }
  if (!decoded) throw new Error(UNREADABLE);
  return decoded;
}
