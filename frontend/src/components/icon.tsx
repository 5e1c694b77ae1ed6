/** The few pictograms, drawn on a 16 by 16 grid; always beside words, so hidden from screen readers. */

import type { RowKind, RowStatus } from "./timeline-row.ts";

const PATHS = {
  run: "M4.5 3v10l8-5z",
  step: "M3 4h4v4h6v4",
  tool: "M9.8 2.5a3.6 3.6 0 0 0-3.3 5L2.6 11.4a1.4 1.4 0 0 0 2 2l3.9-3.9a3.6 3.6 0 0 0 4.7-4.6L11 7.100 8.900 5l2.200-2.200a3.600 3.600 0 0 0-1.300-.3z",
  message: "M2.500 3.500h11v7.500h-6l-3 2.500v-2.500h-2z",
  reasoning: "M8 2.500a4 4 0 0 0-2.200 7.300v1.700h4.400V9.800A4 4 0 0 0 8 2.500zM6.300 13.500h3.400",
  moment: "M8 5.500a2.500 2.500 0 1 0 0 5 2.500 2.500 0 0 0 0-5z",
  ok: "M3.500 8.500l3 3 6-7",
  failed: "M4.500 4.500l7 7m0-7l-7 7",
  stopped: "M4 8h8",
  note: "M8 7.500v.010",
  running: "M8 2.500a5.500 5.500 0 1 1-5.500 5.500",
} as const satisfies Record<RowKind | RowStatus, string>;

export function Icon({ name }: { readonly name: keyof typeof PATHS }) {
  return (
    <svg className="ls-icon" data-icon={name} viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
