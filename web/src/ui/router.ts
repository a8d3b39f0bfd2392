/** Addresses: the part after `#` says which page is shown and which photo stands open over it. */
import { signal } from "@preact/signals";

export type Sort = "relevance" | "date";

export type Page =
  | { page: "photos" }
  | { page: "search"; query: string; sort: Sort }
  | { page: "similar"; id: string }
  | { page: "people" }
  | { page: "person"; id: string }
  | { page: "albums" }
  | { page: "album"; id: string }
  | { page: "places"; at: string }
  | { page: "duplicates" }
  | { page: "settings" }
  | { page: "failures" }
  | { page: "check" };

export interface Route {
  /** The page underneath. */
  base: Page;
  /** The photo open in the viewer over it. */
  photo: string | null;
}

/** The address of a picture that was pasted or dropped; it lives only as long as the page. */
export const PASTED = "picture";

function readSort(parameters: URLSearchParams): Sort {
  return parameters.get("sort") === "date" ? "date" : "relevance";
}

/** Read an address such as `#/search?q=dog`; what is not understood is the photos page. */
export function parse(hash: string): Route {
  const [path = "", search = ""] = hash.replace(/^#\/?/, "").split("?", 2);
  const parameters = new URLSearchParams(search);
  const [head = "", tail = ""] = path.split("/", 2);
  const query = parameters.get("q")?.trim() ?? "";
  const found: Page = query ? { page: "search", query, sort: readSort(parameters) } : { page: "photos" };
  switch (head) {
    case "search": return { base: found, photo: null };
    case "similar": return { base: tail ? { page: "similar", id: tail } : { page: "photos" }, photo: null };
    case "places": return { base: { page: "places", at: parameters.get("at") ?? "" }, photo: null };
    case "people": return { base: tail ? { page: "person", id: tail } : { page: "people" }, photo: null };
    case "albums": return { base: tail ? { page: "album", id: tail } : { page: "albums" }, photo: null };
    case "duplicates":
    case "settings":
    case "failures":
    case "check": return { base: { page: head }, photo: null };
    case "photo": {
      const like = parameters.get("like");
      const person = parameters.get("person");
      const album = parameters.get("album");
      const map = parameters.get("map");
      if (album) return { base: { page: "album", id: album }, photo: tail || null };
      if (map !== null) return { base: { page: "places", at: map }, photo: tail || null };
      if (parameters.has("duplicates")) return { base: { page: "duplicates" }, photo: tail || null };
      const base: Page = like ? { page: "similar", id: like } : person ? { page: "person", id: person } : found;
      return { base, photo: tail || null };
    }
    default: return { base: { page: "photos" }, photo: null };
  }
}

/** Write the address of a route; the inverse of `parse`. */
export function format(route: Route): string {
  const { base, photo } = route;
  const parameters = new URLSearchParams();
  if (base.page === "search") {
    parameters.set("q", base.query);
    if (base.sort === "date") parameters.set("sort", "date");
  }
  if (photo !== null) {
    if (base.page === "similar") parameters.set("like", base.id);
    if (base.page === "person") parameters.set("person", base.id);
    if (base.page === "album") parameters.set("album", base.id);
    if (base.page === "places") parameters.set("map", base.at);
    if (base.page === "duplicates") parameters.set("duplicates", "");
    const over = parameters.toString();
    return `#/photo/${photo}${over ? `?${over}` : ""}`;
  }
  switch (base.page) {
    case "photos": return "#/";
    case "search": return `#/search?${parameters.toString()}`;
    case "similar": return `#/similar/${base.id}`;
    case "person": return `#/people/${base.id}`;
    case "album": return `#/albums/${base.id}`;
    case "places": return base.at ? `#/places?at=${base.at}` : "#/places";
    default: return `#/${base.page}`;
  }
}

export const route = signal<Route>({ base: { page: "photos" }, photo: null });

/** Was the open photo reached from within the page, so that "back" closes it? */
let openedHere = false;

function follow(next: Route): void {
  if (next.photo === null) openedHere = false;
  else if (route.value.photo === null) openedHere = true;
  route.value = next;
}

export function startRouter(): void {
  route.value = parse(location.hash);
  addEventListener("popstate", () => follow(parse(location.hash)));
}

export function navigate(next: Route, how: "push" | "replace" = "push"): void {
  const address = format(next);
  if (how === "push" && address !== location.hash) history.pushState(null, "", address);
  else history.replaceState(null, "", address);
  follow(next);
}

export function toPage(base: Page, how: "push" | "replace" = "push"): void {
  navigate({ base, photo: null }, how);
}

/** Close the viewer: a step back where one leads to the page underneath, else that page itself. */
export function closePhoto(): void {
  if (openedHere) history.back();
  else navigate({ base: route.value.base, photo: null }, "replace");
}
