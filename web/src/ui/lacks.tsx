/** What this browser cannot do, and what follows from it. */
import { abilities, lacksOf } from "../abilities";

export function Lacks() {
  const lacks = lacksOf(abilities());
  if (lacks.length === 0) return null;
  return (
    <div class="lacks" data-testid="lacks">
      <h3 class="lacks-head">What this browser cannot do</h3>
      <dl>
        {lacks.map(({ title, meaning }) => <div key={title} class="lack"><dt>{title}</dt><dd>{meaning}</dd></div>)}
      </dl>
    </div>
  );
}
