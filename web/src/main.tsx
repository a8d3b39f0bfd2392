/** The page's entry: draw the shell, then, once it is on the screen, bring up everything behind it. */
import { render } from "preact";
import { startPlatform } from "./platform";
import { App } from "./ui/app";
import { startFinding } from "./ui/finding";
import { startRouter } from "./ui/router";
import { startSelection } from "./ui/selection";

const root = document.getElementById("app")!;
startRouter();
startFinding();
startSelection();
root.replaceChildren();
render(<App />, root);
// Two frames: the first is drawn by the time the second begins.
requestAnimationFrame(() => requestAnimationFrame(startPlatform));
