/** The verbs about people: what is looked up in Python, and what is said and stored as every statement is. */
import type { PeopleChanged, Shoebox } from "./contract";
import { theEngine } from "./engine";
import type { SayingVerb } from "./sayings";
import type { Verbs } from "./messages";
import { faceWork } from "./state";

type PeopleVerb =
  | "people" | "person" | "namePerson" | "mergePeople" | "splitPerson" | "hidePerson" | "moveFaces" | "notThisPerson" | "removeFace"
  | "suggestPeople" | "answerSuggestion" | "deleteFaceData" | "faceWork";

async function ready(): Promise<ReturnType<typeof theEngine>> {
  const engine = theEngine();
  await engine.ready;
  return engine;
}

async function say<V extends Exclude<SayingVerb, "favourite" | "undo">>(verb: V, args: Verbs[V]["args"]): Promise<PeopleChanged> {
  const { changed, undo, person = "" } = await (await ready()).sayings.say(verb, args);
  return { changed, undo, person };
}

export const peopleVerbs: Pick<Shoebox, PeopleVerb> = {
  async people(options = {}) {
    return (await ready()).library.call("people", { ...options });
  },

  async person(id, options = {}) {
    return (await ready()).library.call("person", { id, ...options });
  },

  namePerson: (id, name) => say("name_person", { id, name }),
  mergePeople: (ids) => say("merge_people", { ids }),
  splitPerson: (id, faces) => say("split_person", { id, faces }),
  hidePerson: (id, yes = true) => say("hide_person", { id, yes }),
  moveFaces: (faces, person) => say("move_faces", { faces, person }),
  notThisPerson: (face, person) => say("not_this_person", { face, person }),
  removeFace: (face) => say("remove_face", { face }),

  async suggestPeople(id = null, options = {}) {
    return (await ready()).library.call("suggest_people", { id, ...options });
  },

  answerSuggestion: (people, same) => say("answer_suggestion", { people, same }),

  async deleteFaceData() {
    await (await ready()).deleteFaceData();
  },

  async faceWork() {
    await ready();
    return structuredClone(faceWork.value);
  },
};
