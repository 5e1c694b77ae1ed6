/** The fold as a download of its own: a file that one part of a page has at once cannot also be one that comes later. */

export { SessionView } from "./view.ts";
