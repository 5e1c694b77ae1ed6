/** The time axis: round times since the beginning, cut waits, and where now is. */

import { duration } from "./text.ts";
import type { Timescale } from "./timescale.ts";

export interface TimelineRulerProps {
  readonly scale: Timescale;
  readonly running: boolean;
  readonly hidden: boolean;
}

/** Percent: on a phone a label that begins behind this lies under the line that marks now. */
const NEAR_END = 80;

export function TimelineRuler({ scale, running, hidden }: TimelineRulerProps) {
  return (
    <div className="ls-ruler" hidden={hidden} aria-hidden="true">
      <div className="ls-ruler-track">
        {scale.ticks.map(({ at, label }) => (
          <span key={label} className="ls-tick" data-near-end={at > NEAR_END || undefined} style={{ left: `${at}%` }}>
            {label}
          </span>
        ))}
        {scale.pauses.map(({ at, width, ms }) => (
          <span
            key={at}
            className="ls-pause"
            style={{ left: `${at}%`, width: `${width}%` }}
            title={`${duration(ms)} of silence`}
          />
        ))}
        {running && <span className="ls-now" style={{ left: `${scale.at(scale.end)}%` }} />}
      </div>
    </div>
  );
}
