/** Where the panes go: side by side where there is room, one at a time on a phone. */

import type { ReactNode } from "react";

export interface Pane {
  readonly name: string;
  readonly label: string;
  readonly content: ReactNode;
}

export interface PanesProps {
  readonly panes: readonly Pane[];
  readonly chosen: string;
  readonly onChoose: (name: string) => void;
}

/** The switch is hidden by the style sheet where every pane is visible. */
export function Panes({ panes, chosen, onChoose }: PanesProps) {
  return (
    <>
      <nav className="pane-switch" aria-label="Panes">
        {panes.map(({ name, label }) => (
          <button key={name} type="button" aria-current={name === chosen} onClick={() => onChoose(name)}>
            {label}
          </button>
        ))}
      </nav>
      <main className="panes">
        {panes.map(({ name, content }) => (
          <div key={name} className="pane" data-pane={name} data-chosen={name === chosen}>
            {content}
          </div>
        ))}
      </main>
    </>
  );
}
