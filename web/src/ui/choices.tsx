/** What is analysed: the choices of the first screen and of the settings, with what each one means. */
import { shoebox } from "../shoebox";
import { settings } from "../state";
import type { IconName } from "./icons";
import { Icon } from "./icons";

interface Choice {
  id: "search" | "faces" | "text";
  icon: IconName;
  title: string;
  meaning: string;
  /** Not built yet: shown so that nobody wonders, and not to be switched on. */
  later: boolean;
}

const CHOICES: Choice[] = [
  { id: "search", icon: "words", title: "Find by words", meaning: "Look at each photo once, so that “dog on a beach” finds it.", later: false },
  { id: "faces", icon: "face", title: "Faces", meaning: "Group photos by person. Off, and it stays off until you ask for it.", later: true },
  { id: "text", icon: "text", title: "Text in photos", meaning: "Read signs, receipts and screenshots.", later: true },
];

export function Choices() {
  return (
    <ul class="choices">
      {CHOICES.map(({ id, icon, title, meaning, later }) => (
        <li key={id} class="choice" data-later={later}>
          <Icon name={icon} />
          <span class="choice-words">
            <span class="choice-title" id={`choice-${id}`}>{title}{later && <span class="badge">Coming later</span>}</span>
            <span class="choice-meaning" id={`choice-${id}-meaning`}>{meaning}</span>
          </span>
          <input
            type="checkbox" role="switch" class="switch" checked={!later && settings.value[id]} disabled={later}
            aria-labelledby={`choice-${id}`} aria-describedby={`choice-${id}-meaning`}
            onChange={(event) => void shoebox.configure({ [id]: event.currentTarget.checked })}
          />
        </li>
      ))}
    </ul>
  );
}
