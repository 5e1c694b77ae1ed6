"use client";
/** Which rows of a long list are on screen: fixed heights, so plain arithmetic. */

import { type RefObject, useCallback, useLayoutEffect, useRef, useState } from "react";

/** Rows kept beyond both edges, so that a fast scroll rarely shows empty space. */
const OVERSCAN = 4;

export interface VirtualRows {
  readonly container: RefObject<HTMLDivElement | null>;
  readonly first: number;
  /** One past the last. */
  readonly end: number;
  /** Rows that one turn of a page goes on by. */
  readonly pageSize: number;
  readonly totalHeight: number;
  readonly offset: number;
  /** The element that shows a row. */
  readonly slotOf: (index: number) => number;
  /** The list keeps its end in view until somebody scrolls up. */
  readonly following: boolean;
  readonly onScroll: () => void;
  readonly follow: () => void;
  readonly reveal: (index: number) => void;
}

export function useVirtualRows(length: number, rowHeight: number, startFollowing: boolean): VirtualRows {
  const container = useRef<HTMLDivElement>(null);
  const [scrolled, setScrolled] = useState(0);
  const [height, setHeight] = useState(600);
  const [following, setFollowing] = useState(startFollowing);
  const totalHeight = length * rowHeight;

  useLayoutEffect(() => {
    const element = container.current;
    if (!element) return;
    // Called when the page has been laid out, before it is painted: to scroll any sooner would lay it out once more.
    const observer = new ResizeObserver(() => {
      setHeight(element.clientHeight);
      if (following) element.scrollTop = element.scrollHeight;
    });
    observer.observe(element);
    for (const content of element.children) observer.observe(content);
    return () => observer.disconnect();
  }, [following]);

  const onScroll = useCallback(() => {
    const element = container.current;
    if (!element) return;
    const { scrollTop, scrollHeight, clientHeight } = element;
    const atEnd = scrollHeight - scrollTop - clientHeight < rowHeight * 1.5;
    setFollowing(atEnd);
    // Following scrolls by itself, after every render: rendering once more for that would double the work.
    if (!atEnd) setScrolled(scrollTop);
  }, [rowHeight]);

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
  // While following, the position is known: asking the browser for it would lay the page out once more.
  const top = following ? Math.max(0, totalHeight - height) : scrolled;
  const first = Math.max(0, Math.min(Math.floor(top / rowHeight), length) - OVERSCAN);
  const end = Math.min(length, Math.ceil((top + height) / rowHeight) + OVERSCAN);
  // A window that shares no row with the last one takes its elements over, each where it is: filling an element with
  // another row costs half of making one.
  const last = useRef({ first, end, base: 0 });
  const { current } = last;
  if (first >= current.end || end <= current.first) current.base += first - current.first;
  current.first = first;
  current.end = end;
  const slots = Math.ceil(height / rowHeight) + 2 * OVERSCAN + 1;
  const slotOf = (index: number) => (((index - current.base) % slots) + slots) % slots;
  const pageSize = Math.max(1, Math.floor(height / rowHeight) - 1);
  return {
    slotOf,
    pageSize,
    container,
    first,
    end,
    totalHeight,
    offset: first * rowHeight,
    following,
    onScroll,
    follow,
    reveal,
  };
}
