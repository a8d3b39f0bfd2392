/**
 * What is analysed, on the first screen and in the settings. Finding by words is what this version is for; naming things is the
 * person's choice; the other two are not built yet, and it says so instead of offering a switch that moves nothing.
 */
import { shoebox } from "../shoebox";
import { settings } from "../state";
import type { IconName } from "./icons";
import { Icon } from "./icons";

interface Choice {
  id: string;
  icon: IconName;
  title: string;
  meaning: string;
  /** `on`: what Shoebox is for; `choice`: a switch; `later`: not built yet, shown so that nobody wonders. */
  state: "on" | "choice" | "later";
}

const CHOICES: Choice[] = [
  { id: "search", icon: "words", title: "Find by words", meaning: "Looks at each photo once, so that “dog on a beach” finds it.", state: "on" },
  { id: "tags", icon: "tag", title: "Name things", meaning: "Notes “beagle” or “espresso” with photos that you add from now on.", state: "choice" },
  { id: "faces", icon: "face", title: "Faces", meaning: "Groups photos by person. Off until you ask for it.", state: "later" },
  { id: "text", icon: "text", title: "Text in photos", meaning: "Reads signs, receipts and screenshots. Off until you ask for it.", state: "later" },
];

export function Choices() {
  return (
    <ul class="choices">
      {CHOICES.map(({ id, icon, title, meaning, state }) => (
        <li key={id} class="choice" data-later={state === "later"}>
          <Icon name={icon} />
          <span class="choice-words">
            <span class="choice-title">{title}</span>
            <span class="choice-meaning">{meaning}</span>
          </span>
          {state === "later" && <span class="badge">Coming later</span>}
          {state === "on" && <span class="badge badge-on"><Icon name="tick" size={16} />On</span>}
          {state === "choice" && (
            <input
              type="checkbox" role="switch" class="switch" aria-label={title} checked={settings.value.tags}
              onChange={(event) => void shoebox.configure({ tags: event.currentTarget.checked })}
            />
          )}
        </li>
      ))}
    </ul>
  );
}
