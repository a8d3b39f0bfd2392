/** Who stands where on the page of people: those with names, those one should name, small groups, and who was hidden. */
import type { Person } from "../../contract";

export interface Sorted {
  named: Person[];
  unnamed: Person[];
  /** Without a name and in few photos: strangers, mostly. */
  small: Person[];
  hidden: Person[];
}

/** An unnamed person in fewer photos than this is folded away. */
export const SMALL = 3;

/** Sort people into the parts of the page; within each they keep the order in which they come. */
export function sorted(people: readonly Person[]): Sorted {
  const found: Sorted = { named: [], unnamed: [], small: [], hidden: [] };
  for (const person of people) {
    if (person.hidden) found.hidden.push(person);
    else if (person.name) found.named.push(person);
    else if (person.count >= SMALL) found.unnamed.push(person);
    else found.small.push(person);
  }
  return found;
}

/** Letters as they are compared: without case, accents and doubled spaces. */
export function folded(text: string): string {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLocaleLowerCase().replace(/\s+/g, " ").trim();
}

/** Does one of the words of a name begin with what was typed? */
function begins(name: string, typed: string): boolean {
  return name.startsWith(typed) || name.includes(` ${typed}`);
}

/** People with names that what was typed may become, at most `limit`; nobody twice, and not `self`. */
export function namesLike(people: readonly Person[], typed: string, self: string | null, limit: number): Person[] {
  const wanted = folded(typed);
  const found: Person[] = [];
  for (const person of people) {
    if (found.length === limit) break;
    if (person.name && person.id !== self && begins(folded(person.name), wanted)) found.push(person);
  }
  return found;
}

/** The person, other than `self`, who has this very name already. */
export function called(people: readonly Person[], name: string, self: string | null): Person | undefined {
  const wanted = folded(name);
  return wanted === "" ? undefined : people.find((person) => person.id !== self && folded(person.name) === wanted);
}
