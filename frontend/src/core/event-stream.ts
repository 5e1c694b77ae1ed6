/** The event stream format (HTML standard, "Interpreting an event stream"), cut into messages. */

export interface MessageCallbacks {
  onMessage(id: string | undefined, event: string | undefined, data: string): void;
  /** The server asked for another reconnection time, ms. */
  onRetry(ms: number): void;
}

/** Returns what takes the text, cut wherever the network did. A byte order mark is the decoder's to remove. */
export function createParser({ onMessage, onRetry }: MessageCallbacks): (piece: string) => void {
  /** Of a message whose end has not come yet. */
  let rest = "";
  /** The last piece ended with a carriage return: a line feed at the start of the next one belongs to it. */
  let returned = false;

  /** Any message, line by line. */
  function interpret(text: string): void {
    let id: string | undefined;
    let event: string | undefined;
    const data: string[] = [];
    for (const line of text.split("\n")) {
      const [, field, value = ""] = /^([^:]*):? ?(.*)/s.exec(line) as unknown as [string, string, string];
      if (field === "data") data.push(value);
      else if (field === "event") event = value;
      else if (field === "id" && !value.includes("\0")) id = value;
      else if (field === "retry" && /^\d+$/.test(value)) onRetry(Number(value));
    }
    if (data.length > 0) onMessage(id, event, data.join("\n"));
  }

  return (piece) => {
    let text = returned && piece.startsWith("\n") ? piece.slice(1) : piece;
    returned = text.endsWith("\r");
    if (text.includes("\r")) text = text.replace(/\r\n?/g, "\n");
    // Without a new line nothing can end, and to look through a long line with every piece of it would be quadratic.
    if (!text.includes("\n")) {
      rest += text;
      return;
    }
    text = rest + text;
    // An id with this in it would not be one.
    const ordinary = !text.includes("\0");
    let at = 0;
    for (let end = text.indexOf("\n\n"); end >= 0; end = text.indexOf("\n\n", at)) {
      // As Lockstep's server writes them: three lines, always the same.
      const idEnd = text.indexOf("\n", at);
      const eventEnd = text.indexOf("\n", idEnd + 1);
      if (
        ordinary &&
        text.startsWith("id: ", at) &&
        text.startsWith("event: ", idEnd + 1) &&
        text.startsWith("data: ", eventEnd + 1) &&
        text.indexOf("\n", eventEnd + 1) === end
      ) {
        onMessage(text.slice(at + 4, idEnd), text.slice(idEnd + 8, eventEnd), text.slice(eventEnd + 7, end));
      } else interpret(text.slice(at, end));
      at = end + 2;
    }
    rest = text.slice(at);
  };
}
