/** What a person can say about people, with the words that offer to take it back. */
import type { Person, PeopleChanged } from "../../contract";
import { shoebox } from "../../shoebox";
import { offerUndo, showProblem } from "../undo";
import { counted } from "../words";

/** Who someone is, in the middle of a sentence. */
export function calledOr(name: string, other = "this person"): string {
  return name || other;
}

/**
 * Carry changes out one after the other, and offer to undo them as one; answers the last one.
 *
 * Null where one failed: that is shown, and those before it are undone.
 */
async function told(text: string, ...steps: ((before: PeopleChanged | null) => Promise<PeopleChanged>)[]): Promise<PeopleChanged | null> {
  const done: PeopleChanged[] = [];
  try {
    for (const step of steps) done.push(await step(done.at(-1) ?? null));
    offerUndo(text, ...done);
    return done.at(-1) ?? null;
  } catch (error) {
    for (const { undo } of done.reverse()) if (undo) await shoebox.undo(undo).catch((trouble: unknown) => console.warn(trouble));
    showProblem(error);
    return null;
  }
}

type Who = Pick<Person, "id" | "name">;

/** An empty name takes the name away. */
export function rename(person: Who, name: string): Promise<PeopleChanged | null> {
  const text = name === "" ? `${person.name} has no name any more` : person.name ? `${person.name} is called ${name} now` : `This is ${name} now`;
  return told(text, () => shoebox.namePerson(person.id, name));
}

/** Who stays comes first: their name is kept, where they have one. */
export function merge(people: readonly Who[]): Promise<PeopleChanged | null> {
  const name = people.find((person) => person.name)?.name ?? "";
  return told(name ? `All of them are ${name} now` : "They are one person now", () => shoebox.mergePeople(people.map(({ id }) => id)));
}

export function split(person: Who, faces: readonly string[]): Promise<PeopleChanged | null> {
  return told(`${counted(faces.length, "face")} moved to a new person`, () => shoebox.splitPerson(person.id, [...faces]));
}

export function hide(person: Who, yes: boolean): Promise<PeopleChanged | null> {
  const who = calledOr(person.name, "This person");
  return told(yes ? `${who} is hidden now` : `${who} is shown again`, () => shoebox.hidePerson(person.id, yes));
}

/** The face is that person's, whoever it was with before. */
export function moveFace(face: string, person: Who): Promise<PeopleChanged | null> {
  return told(`This is ${calledOr(person.name)} now`, () => shoebox.moveFaces([face], person.id));
}

/** The face is somebody new, who gets this name. */
export function nameFace(face: string, name: string): Promise<PeopleChanged | null> {
  return told(`This is ${name} now`, () => shoebox.moveFaces([face], null), (moved) => shoebox.namePerson(moved!.person, name));
}

export function notThisPerson(faces: readonly string[], person: Who): Promise<PeopleChanged | null> {
  const text = `${counted(faces.length, "face")} noted as not ${calledOr(person.name)}`;
  return told(text, ...faces.map((face) => () => shoebox.notThisPerson(face, person.id)));
}

/** These are no faces, or nobody's that matters. */
export function noFaces(faces: readonly string[]): Promise<PeopleChanged | null> {
  const text = faces.length === 1 ? "The face was taken off" : `${counted(faces.length, "face")} were taken off`;
  return told(text, ...faces.map((face) => () => shoebox.removeFace(face)));
}

/** The answer to "Same person?", which is not asked again. */
export function answer(people: [string, string], same: boolean): Promise<PeopleChanged | null> {
  return told(same ? "Noted: the same person" : "Noted: two different people", () => shoebox.answerSuggestion(people, same));
}
