// One session over EventSource; the browser resumes by the cursor in each event's id.
const MOST_ROWS = 2000; // a page that keeps every event of a long session slows down
const POLL_MS = 3000;

const at = (id) => document.getElementById(id);
const [list, events, state, filter, latest] = ["sessions", "events", "state", "filter", "latest"].map(at);

const current = new URLSearchParams(location.search).get("session");

let types = [];
let shown = 0;
let pinned = true;
const waiting = [];

/** An element with text, never markup: event payloads come from anywhere. */
function element(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

async function json(path) {
  const answer = await fetch(path, { headers: { Accept: "application/json" } });
  const document = await answer.json();
  if (!answer.ok) throw new Error(document.detail ?? answer.statusText);
  return document;
}

/** EventSource dispatches by name, so the page asks the server's contract for all of them. */
async function eventTypes() {
  const schema = await json("schema");
  return schema.oneOf.map(({ $ref }) => schema.$defs[$ref.split("/").at(-1)].properties.type.const);
}

function say(kind, words) {
  state.className = `state ${kind}`;
  state.textContent = words;
}

function open(session) {
  at("title").textContent = session;
  document.title = `${session} · Lockstep`;
  say("waiting", "connecting");
  const source = new EventSource(`events/${encodeURIComponent(session)}`);
  source.onopen = () => say("live", "live");
  source.onerror = () =>
    source.readyState === EventSource.CLOSED ? say("lost", "refused by the server") : say("waiting", "reconnecting");
  for (const type of types) source.addEventListener(type, receive);
}

function receive(message) {
  if (waiting.push(message) === 1) requestAnimationFrame(draw);
}

function draw() {
  const rows = document.createDocumentFragment();
  for (const message of waiting.splice(0)) rows.append(row(message));
  shown += rows.querySelectorAll("li:not(.stream, .gap)").length;
  events.append(rows);
  while (events.children.length > MOST_ROWS) events.firstChild.remove();
  at("count").textContent = `${shown.toLocaleString()} events`;
  follow();
}

function row(message) {
  const event = JSON.parse(message.data);
  if (message.lastEventId) at("cursor").textContent = message.lastEventId;
  if (event.type === "session_stream_gap") {
    const { reason, after, resumes_at } = event.payload;
    return element(
      "li",
      "gap",
      `Gap (${reason}): events ${after ? `after ${after} ` : ""}are missing; going on after ${resumes_at}`,
    );
  }
  const item = element("li", kind(event.type));
  const when = element("time", "", event.timestamp.slice(11, 23));
  when.dateTime = event.timestamp;
  const name = element("span", "type", event.type);
  if (event.agent) name.append(element("small", "", event.agent));
  const payload = element("pre", "payload", words(event.payload));
  payload.title = message.lastEventId;
  payload.addEventListener("click", () => item.classList.toggle("whole"));
  item.append(when, name, payload);
  item.hidden = !matches(item);
  return item;
}

const FAMILIES = ["session_stream", "tool", "workflow", "run"];

function kind(type) {
  const family = FAMILIES.find((prefix) => type.startsWith(`${prefix}_`)) ?? "";
  const failed = type.endsWith("_failed") || type === "error_occurred" ? " failed" : "";
  return (family === "session_stream" ? "stream" : family) + failed;
}

/** A payload on one line, without the noise of JSON where a line of text is enough. */
function words(payload) {
  return Object.entries(payload)
    .map(([key, value]) => `${key}: ${typeof value === "string" ? value : JSON.stringify(value)}`)
    .join("  ");
}

function matches(item) {
  const wanted = filter.value.trim().toLowerCase();
  return !wanted || item.textContent.toLowerCase().includes(wanted);
}

function follow() {
  if (pinned) events.scrollTop = events.scrollHeight;
  latest.hidden = pinned;
}

function mark() {
  for (const link of list.children) {
    if (link.title === current) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
}

async function refresh() {
  if (!document.hidden) {
    try {
      const { sessions } = await json("sessions");
      at("none").hidden = sessions.length > 0;
      list.replaceChildren(...sessions.map(link));
      if (!current && sessions.length) location.replace(address(sessions[0].session_id));
      mark();
    } catch (error) {
      at("none").hidden = false;
      at("none").textContent = `The sessions cannot be listed: ${error.message}`;
    }
  }
  setTimeout(refresh, POLL_MS);
}

function link({ session_id, events: kept }) {
  const made = element("a");
  made.href = address(session_id);
  made.title = session_id;
  made.append(element("span", "", session_id), element("small", "", kept.toLocaleString()));
  return made;
}

function address(session) {
  return `?session=${encodeURIComponent(session)}`;
}

events.addEventListener("scroll", () => {
  pinned = events.scrollHeight - events.scrollTop - events.clientHeight < 40;
  latest.hidden = pinned;
});
latest.addEventListener("click", () => {
  pinned = true;
  follow();
});
filter.addEventListener("input", () => {
  for (const item of events.children) item.hidden = !item.classList.contains("gap") && !matches(item);
});
at("wanted").addEventListener("change", ({ target }) => {
  if (target.value.trim()) location.assign(address(target.value.trim()));
});

try {
  types = await eventTypes();
  if (current) open(current);
  await refresh();
} catch (error) {
  say("lost", error.message);
}
