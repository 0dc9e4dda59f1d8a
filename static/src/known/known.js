/** What comes for those who have a session, or begin one: their own comments, the proofs that the session is theirs, and the
 * sign-in that came back by the page's address. */
import * as own from "./own.js";
import * as ticket from "./ticket.js";

export { proofs } from "./proof.js";

/** @param {import("../types").KnownContext} context */
export function attach(context) {
  context.t.add(CW_KNOWN_WORDS);
  context.use(own.attach(context));
  ticket.attach(context);
}
