"use client";
/** Tabs with the keys that the ARIA practices ask for. */

import { type KeyboardEvent, type ReactNode, useId } from "react";

export interface TabsProps {
  readonly label: string;
  /** Name and label. */
  readonly tabs: readonly (readonly [string, string])[];
  readonly chosen: string;
  readonly onChoose: (name: string) => void;
  readonly children: ReactNode;
}

export function Tabs({ label, tabs, chosen, onChoose, children }: TabsProps) {
  const id = useId();
  const onKeyDown = (event: KeyboardEvent) => {
    const at = tabs.findIndex(([name]) => name === chosen);
    const targets: Record<string, number> = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 };
    const target = targets[event.key];
    if (target === undefined) return;
    event.preventDefault();
    const [name] = tabs[(target + tabs.length) % tabs.length] as readonly [string, string];
    onChoose(name);
    document.getElementById(`${id}-${name}`)?.focus();
  };
  return (
    <div className="ls-tabs">
      <div className="ls-tab-list" role="tablist" aria-label={label} onKeyDown={onKeyDown}>
        {tabs.map(([name, text]) => (
          <button
            key={name}
            id={`${id}-${name}`}
            type="button"
            role="tab"
            className="ls-tab"
            aria-selected={name === chosen}
            aria-controls={`${id}-panel`}
            tabIndex={name === chosen ? 0 : -1}
            onClick={() => onChoose(name)}
          >
            {text}
          </button>
        ))}
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a panel that scrolls must be reachable by keyboard */}
      <div id={`${id}-panel`} role="tabpanel" className="ls-tab-panel" aria-labelledby={`${id}-${chosen}`} tabIndex={0}>
        {children}
      </div>
    </div>
  );
}
