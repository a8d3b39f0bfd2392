/**
 * What is analysed, on the first screen and in the settings. Finding by words is what this version does; the other two
 * are not built yet, and it says so instead of offering a switch that moves nothing.
 */
import type { IconName } from "./icons";
import { Icon } from "./icons";

interface Choice {
  id: string;
  icon: IconName;
  title: string;
  meaning: string;
  /** Not built yet: shown so that nobody wonders. */
  later: boolean;
}

const CHOICES: Choice[] = [
  { id: "search", icon: "words", title: "Find by words", meaning: "Looks at each photo once, so that “dog on a beach” finds it.", later: false },
  { id: "faces", icon: "face", title: "Faces", meaning: "Groups photos by person. Off until you ask for it.", later: true },
  { id: "text", icon: "text", title: "Text in photos", meaning: "Reads signs, receipts and screenshots. Off until you ask for it.", later: true },
];

export function Choices() {
  return (
    <ul class="choices">
      {CHOICES.map(({ id, icon, title, meaning, later }) => (
        <li key={id} class="choice" data-later={later}>
          <Icon name={icon} />
          <span class="choice-words">
            <span class="choice-title">{title}</span>
            <span class="choice-meaning">{meaning}</span>
          </span>
          {later ? <span class="badge">Coming later</span> : <span class="badge badge-on"><Icon name="tick" size={16} />On</span>}
        </li>
      ))}
    </ul>
  );
}
