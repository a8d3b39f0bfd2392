/** What finding faces means, before anybody agrees to it, and the button that does. */
import { useState } from "preact/hooks";
import { shoebox } from "../../shoebox";
import { Icon } from "../icons";
import { showProblem } from "../undo";

export function turnOnFaces(): Promise<void> {
  return shoebox.configure({ faces: true }).then(() => undefined, showProblem);
}

export function FacesOff() {
  const [busy, setBusy] = useState(false);
  const turnOn = () => {
    setBusy(true);
    void turnOnFaces().finally(() => setBusy(false));
  };
  return (
    <div class="empty" data-testid="faces-off">
      <Icon name="people" size={40} />
      <p class="empty-title">Find the people in your photos</p>
      <p>
        Shoebox can look for faces and put photos of the same person together. Give people names, and you find their photos by
        name.
      </p>
      <p>
        What makes a face recognisable is biometric data. It is worked out here, kept in this browser only, and never sent
        anywhere. You can turn this off and delete all of it at any time, in the settings.
      </p>
      <button type="button" class="button primary" data-testid="find-faces" disabled={busy} onClick={turnOn}><Icon name="face" size={20} />Find faces</button>
      <a class="check-link" href="#/check"><Icon name="shield" size={20} />How to check this</a>
    </div>
  );
}
