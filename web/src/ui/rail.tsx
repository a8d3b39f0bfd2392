/** The way around: a rail at the left, a bar at the bottom on phones. */
import type { IconName } from "./icons";
import { Icon, Mark } from "./icons";
import type { Page } from "./router";
import { route } from "./router";

interface Place {
  href: string;
  icon: IconName;
  title: string;
  pages: Page["page"][];
}

const PLACES: Place[] = [
  { href: "#/", icon: "photos", title: "Photos", pages: ["photos", "search", "similar"] },
  { href: "#/people", icon: "people", title: "People", pages: ["people", "person"] },
  { href: "#/albums", icon: "albums", title: "Albums", pages: ["albums", "album"] },
  { href: "#/places", icon: "place", title: "Places", pages: ["places"] },
  { href: "#/duplicates", icon: "copies", title: "Duplicates", pages: ["duplicates"] },
  { href: "#/settings", icon: "settings", title: "Settings", pages: ["settings", "failures", "check"] },
];

export function Rail() {
  const { page } = route.value.base;
  return (
    <nav class="rail" aria-label="Shoebox">
      <span class="rail-mark"><Mark size={32} /></span>
      {PLACES.map(({ href, icon, title, pages }) => (
        <a key={href} class="rail-place" href={href} aria-current={pages.includes(page) ? "page" : undefined}>
          <span class="rail-icon"><Icon name={icon} /></span>
          <span class="rail-title">{title}</span>
        </a>
      ))}
    </nav>
  );
}
