/** Filters and the choice of view. */

import type { RowKind } from "./timeline-row.ts";
import { type Timeline, toggled } from "./use-timeline.ts";

const KINDS: readonly [RowKind, string][] = [
  ["step", "Steps"],
  ["tool", "Tools"],
  ["message", "Messages"],
  ["reasoning", "Reasoning"],
  ["moment", "Other"],
];

type ViewName = "waterfall" | "list";

export interface TimelineToolbarProps {
  readonly timeline: Timeline;
  readonly view: ViewName;
  readonly onView: (view: ViewName) => void;
}

export function TimelineToolbar({ timeline, view, onView }: TimelineToolbarProps) {
  const { filter, setFilter, rows, total } = timeline;
  return (
    <div className="ls-toolbar" role="toolbar" aria-label="Timeline filters">
      <input
        type="search"
        className="ls-input"
        placeholder={rows.length === total ? `Filter (${total})` : `${rows.length} of ${total}`}
        aria-label="Filter by text"
        value={filter.text}
        onChange={(event) => setFilter({ text: event.target.value })}
      />
      {KINDS.map(([kind, label]) => (
        <Toggle
          key={kind}
          label={label}
          on={!filter.hidden.has(kind)}
          onToggle={() => setFilter({ hidden: toggled(filter.hidden, kind) })}
        />
      ))}
      <Toggle
        label="Failed only"
        on={filter.failedOnly}
        onToggle={() => setFilter({ failedOnly: !filter.failedOnly })}
      />
      <span className="ls-segments">
        {(["waterfall", "list"] as const).map((name) => (
          <Toggle
            key={name}
            label={name === "waterfall" ? "Waterfall" : "List"}
            on={view === name}
            onToggle={() => onView(name)}
          />
        ))}
      </span>
    </div>
  );
}

interface ToggleProps {
  readonly label: string;
  readonly on: boolean;
  readonly onToggle: () => void;
}

export function Toggle({ label, on, onToggle }: ToggleProps) {
  return (
    <button type="button" className="ls-toggle" aria-pressed={on} onClick={onToggle}>
      {label}
    </button>
  );
}
