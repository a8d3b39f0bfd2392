/** What is particular to text among the findings. Written with the library's lock held. */
import { GENERATION, settle } from "./library";
import { open } from "./schema";

/** Delete all text. Answers the new generation. */
export async function eraseTexts(): Promise<number> {
  const transaction = (await open()).transaction(["texts", "meta"], "readwrite", { durability: "strict" });
  const meta = transaction.objectStore("meta");
  const generation = ((await meta.get(GENERATION)) as number | undefined ?? 0) + 1;
  await settle([transaction.objectStore("texts").clear(), meta.put(generation, GENERATION)], transaction.done);
  return generation;
}
