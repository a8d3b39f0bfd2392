/** How to check the promise oneself: the browser's network panel, the plug, and the rule that the page carries. */
import { PageHead } from "./page-head";

/** The rule as the page itself carries it, so that what is shown is what is enforced. */
function pageRule(): string[] {
  const meta = document.querySelector<HTMLMetaElement>('meta[http-equiv="Content-Security-Policy"]');
  return (meta?.content ?? "").split(";").map((part) => part.trim()).filter(Boolean);
}

export function Check() {
  return (
    <div class="page">
      <PageHead title="How to check this" lead="“Nothing leaves this device” is easy to write. Here is how to see for yourself, in five minutes." />
      <ol class="steps">
        <li>
          <h2>Watch the network</h2>
          <p>
            Press <kbd>F12</kbd> (on a Mac <kbd>⌥</kbd> <kbd>⌘</kbd> <kbd>I</kbd>) and open the tab “Network”. Then add photos and
            look for some. Every line that appears is the browser fetching a piece of Shoebox itself from {location.host}. The
            column “Method” says GET, which fetches; no line carries a photo, a file name or your words.
          </p>
        </li>
        <li>
          <h2>Pull the plug</h2>
          <p>
            After the first visit, switch off the network, close the page and open it again. Adding, finding and looking at
            photos all go on as before, since nothing they need is anywhere else.
          </p>
        </li>
        <li>
          <h2>Read the rule that the browser keeps</h2>
          <p>
            This page tells the browser whom it may talk to, and the browser holds it to that, even if the page had a fault.
            “connect-src 'self'” is the heart of it: no connection to anyone but the place that Shoebox came from.
          </p>
          <pre class="rule">{pageRule().join(";\n")}</pre>
        </li>
        <li>
          <h2>See what is kept, and where</h2>
          <p>
            In the same tools, the tab “Application” (in Firefox “Storage”) lists the database “shoebox” under IndexedDB: small
            pictures, and numbers that describe the photos. It belongs to this browser alone. <a href="#/settings">Settings</a> deletes
            it with one button.
          </p>
        </li>
      </ol>
      <p><a class="button" href="#/">Back to your photos</a></p>
    </div>
  );
}
