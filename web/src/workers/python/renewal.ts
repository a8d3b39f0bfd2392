/** Looking again at photos that another model pack has looked at, in the Python worker, beside their thumbnails. */
import type { MaybeStaged, RenewStep } from "../../messages";
import { commit } from "../../storage/library";
import { readThumbnails } from "../../storage/thumbnails";
import { demand, type Ask } from "./copies";

/** Look at a few and store what is seen. Called with the library's lock held. */
export async function renewSome(ask: Ask, tags: boolean): Promise<RenewStep> {
  const { ids: wanted, left, waiting } = await demand<{ ids: string[]; left: number; waiting: number }>(ask, "renew_step");
  if (wanted.length === 0) return { left, waiting, generation: null };
  const found = await readThumbnails(wanted);
  const args = { wanted, ids: found.map(([id]) => id), thumbnails: found.map(([, { bytes }]) => bytes), tags };
  const { batch, journal } = await demand<MaybeStaged>(ask, "renew_take", args);
  if (batch === null) return { left, waiting, generation: null };
  try {
    const generation = await commit({ staged: [{ batch, journal }] });
    await demand(ask, "accept", { batch });
    return { left, waiting, generation };
  } catch (error) {
    await ask("reject", { batch });
    throw error;
  }
}
