/** Reads JSON that is still being written. */

/**
 * The value so far, with what is open closed, or undefined while nothing can be read yet. An unfinished
 * number, literal or member name is left out: half of it would say something else.
 */
export function partialJson(text: string): unknown {
  const closers: string[] = [];
  let inString = false;
  // Where the text ends without an escape that is only half there.
  let end = text.length;
  // End of the longest prefix that is a value when its containers are closed, and what closes it.
  let safe = "";
  let expectsKey = false;
  for (let at = 0; at < text.length; at++) {
    const character = text[at] as string;
    if (inString) {
      if (character === "\\") {
        const length = text[at + 1] === "u" ? 6 : 2;
        if (at + length > text.length) end = at;
        at += length - 1;
      } else if (character === '"') {
        inString = false;
        if (!isKey(closers, expectsKey)) safe = close(text.slice(0, at + 1), closers);
      }
      continue;
    }
    switch (character) {
      case '"':
        inString = true;
        break;
      case "{":
      case "[":
        closers.push(character === "{" ? "}" : "]");
        expectsKey = character === "{";
        safe = close(text.slice(0, at + 1), closers);
        break;
      case "}":
      case "]":
        closers.pop();
        expectsKey = false;
        safe = close(text.slice(0, at + 1), closers);
        break;
      case ",":
        expectsKey = closers.at(-1) === "}";
        safe = close(text.slice(0, at), closers);
        break;
      case ":":
        expectsKey = false;
        break;
    }
  }
  if (inString && !isKey(closers, expectsKey)) safe = close(`${text.slice(0, end)}"`, closers);
  try {
    return JSON.parse(text);
  } catch {
    return parse(safe);
  }
}

function isKey(closers: readonly string[], expectsKey: boolean): boolean {
  return expectsKey && closers.at(-1) === "}";
}

function close(text: string, closers: readonly string[]): string {
  return text + [...closers].reverse().join("");
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
