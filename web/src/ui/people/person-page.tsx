/** One person: who they are, and their photos by month. */
import { useEffect, useMemo } from "preact/hooks";
import { grid } from "../../state";
import { PhotoGrid } from "../grid";
import { columnsOf, placeOf } from "../lookup";
import { byMonth } from "../months";
import { route } from "../router";
import { Skeleton } from "../skeleton";
import { PersonHead } from "./person-head";
import { usePerson } from "./present";
import { SamePerson } from "./same-person";

function Gone({ reason }: { reason: string }) {
  return (
    <div class="empty" role="alert" data-testid="person-gone">
      <p class="empty-title">This person is not here any more</p>
      <p>{reason}</p>
      <a class="button" href="#/people">See all people</a>
    </div>
  );
}

export function PersonPage() {
  const { base } = route.value;
  const id = base.page === "person" ? base.id : "";
  const { person, error } = usePerson(id);
  const columns = useMemo(() => {
    const photos = new Set(person?.faces.map(({ photo }) => photo) ?? []);
    return columnsOf([...photos].sort((one, other) => (placeOf(one) ?? 0) - (placeOf(other) ?? 0)));
  }, [person, grid.value]);
  const groups = useMemo(() => byMonth(columns.taken), [columns]);
  const name = person?.name || "Somebody without a name";
  useEffect(() => { document.title = `${name} · Shoebox`; }, [name]);
  if (error) return <Gone reason={error} />;
  if (!person) return <Skeleton label="Looking up this person’s photos" />;
  const head = (
    <>
      <PersonHead person={person} columns={columns} />
      <SamePerson about={id} />
    </>
  );
  return <PhotoGrid columns={columns} groups={groups} memory={`person ${id}`} head={head} />;
}
