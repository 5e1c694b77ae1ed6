"use client";
/** Which rows of a long list are on screen: fixed heights, so plain arithmetic. */

import { type RefObject, useCallback, useLayoutEffect, useRef, useState } from "react";

/** Rows kept beyond both edges, so that a fast scroll rarely shows empty space. */
const OVERSCAN = 8;

export interface VirtualRows {
  readonly container: RefObject<HTMLDivElement | null>;
  readonly first: number;
  /** One past the last. */
  readonly end: number;
  readonly totalHeight: number;
  readonly offset: number;
  /** The list keeps its end in view until somebody scrolls up. */
  readonly following: boolean;
  readonly onScroll: () => void;
  readonly follow: () => void;
  readonly reveal: (index: number) => void;
}

export function useVirtualRows(length: number, rowHeight: number, startFollowing: boolean): VirtualRows {
  const container = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ top: 0, height: 600 });
  const [following, setFollowing] = useState(startFollowing);
  const totalHeight = length * rowHeight;

  const measure = useCallback(() => {
    const { scrollTop: top = 0, clientHeight: height = 0 } = container.current ?? {};
    setView((before) => (before.top === top && before.height === height ? before : { top, height }));
  }, []);

  useLayoutEffect(() => {
    const element = container.current;
    if (!element) return;
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [measure]);

  useLayoutEffect(() => {
    const element = container.current;
    if (!following || !element || totalHeight === 0) return;
    element.scrollTop = totalHeight;
    measure();
  }, [following, totalHeight, measure]);

  const onScroll = useCallback(() => {
    const element = container.current;
    if (!element) return;
    measure();
    const distance = element.scrollHeight - element.scrollTop - element.clientHeight;
    setFollowing(distance < rowHeight * 1.5);
  }, [measure, rowHeight]);

  const reveal = useCallback(
    (index: number) => {
      const element = container.current;
      if (!element) return;
      const top = index * rowHeight;
      if (top < element.scrollTop) element.scrollTop = top;
      else if (top + rowHeight > element.scrollTop + element.clientHeight) {
        element.scrollTop = top + rowHeight - element.clientHeight;
      }
    },
    [rowHeight],
  );

  const follow = useCallback(() => setFollowing(true), []);
  const first = Math.max(0, Math.min(Math.floor(view.top / rowHeight), length) - OVERSCAN);
  const end = Math.min(length, Math.ceil((view.top + view.height) / rowHeight) + OVERSCAN);
  return { container, first, end, totalHeight, offset: first * rowHeight, following, onScroll, follow, reveal };
}
