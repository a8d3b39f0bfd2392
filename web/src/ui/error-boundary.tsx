/** Catches what a component throws, so that a fault in one place does not leave a blank page. */
import type { ComponentChildren } from "preact";
import { Component } from "preact";
import { sentence } from "./words";

interface Props {
  children: ComponentChildren;
}

interface State {
  problem: string | null;
}

export class ErrorBoundary extends Component<Props, State> {
  override state: State = { problem: null };

  static override getDerivedStateFromError(error: unknown): State {
    return { problem: sentence(error) };
  }

  override render({ children }: Props, { problem }: State) {
    if (problem === null) return children;
    return (
      <div class="empty" role="alert">
        <p class="empty-title">Something went wrong on this page</p>
        <p>Your photos are as they were. Reloading the page usually puts it right.</p>
        <button type="button" class="button primary" onClick={() => location.reload()}>Reload</button>
        <details class="advanced"><summary>What happened</summary><pre class="rule">{problem}</pre></details>
      </div>
    );
  }
}
