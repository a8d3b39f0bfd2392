/**
 * What is analysed, on the first screen and in the settings. Finding by words is what this version is for; naming things is the
 * person's choice, and so are faces and text, which nothing looks for before somebody asks for it.
 */
import { shoebox } from "../shoebox";
import { settings } from "../state";
import { showProblem } from "./undo";
import type { IconName } from "./icons";
import { Icon } from "./icons";

type Switch = "tags" | "faces" | "text";

interface Choice {
  id: Switch | "search";
  icon: IconName;
  title: string;
  meaning: string;
  /** `on`: what Shoebox is for; `choice`: a switch. */
  state: "on" | "choice";
}

const CHOICES: Choice[] = [
  { id: "search", icon: "words", title: "Find by words", meaning: "Looks at each photo once, so that “dog on a beach” finds it.", state: "on" },
  { id: "tags", icon: "tag", title: "Name things", meaning: "Notes “beagle” or “espresso” with photos that you add from now on.", state: "choice" },
  { id: "faces", icon: "face", title: "Faces", meaning: "Puts photos of the same person together. Faces are biometric data: they are worked out and kept on this device only. Turning it on fetches 12 MB once. Off until you turn it on.", state: "choice" },
  { id: "text", icon: "text", title: "Text in photos", meaning: "Reads signs, receipts and screenshots, so that text:exit finds them: Latin letters, Chinese, Japanese. Turning it on fetches 8 MB once. Off until you turn it on.", state: "choice" },
];

export function Choices() {
  return (
    <ul class="choices">
      {CHOICES.map(({ id, icon, title, meaning, state }) => (
        <li key={id} class="choice">
          <Icon name={icon} />
          <span class="choice-words">
            <span class="choice-title">{title}</span>
            <span class="choice-meaning" id={`choice-${id}`}>{meaning}</span>
          </span>
          {state === "on" && <span class="badge badge-on"><Icon name="tick" size={16} />On</span>}
          {state === "choice" && (
            <input
              type="checkbox" role="switch" class="switch" data-testid={`choice-${id}`} aria-label={title} aria-describedby={`choice-${id}`} checked={settings.value[id as Switch]}
              onChange={(event) => void shoebox.configure({ [id]: event.currentTarget.checked }).catch(showProblem)}
            />
          )}
        </li>
      ))}
    </ul>
  );
}
