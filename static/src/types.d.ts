// Shapes shared by the embed's modules; no code. What the server sends is described by /api/v1/openapi.json.

export type Node = string | [string, ...unknown[]];

export interface User {
  id: string;
  name: string;
  guest?: boolean;
  url?: string;
  avatar?: string;
  provider?: string;
  role?: "owner" | "moderator";
}

export interface Comment {
  id: string;
  parent?: string;
  author?: User;
  time: string;
  edited?: string;
  body?: Node[];
  state?: "deleted" | "pending";
  replies?: number;
  more?: string;
  pinned?: boolean;
  /** Of an answer to `since`: it could not be seen at that version. */
  new?: boolean;
  /** How many by kind. */
  reactions?: Record<string, number>;
  kind?: string;
  raw?: string;
  until?: string;
  /** Why it waits, to its author. */
  waits?: "everyone" | "first" | "guest" | "links" | "check";
}

export interface ThreadInfo {
  url?: string;
  title?: string | null;
  count: number;
  version: number;
  open?: boolean;
  /** To the page itself, and those who reacted last. */
  reactions?: Record<string, number>;
  faces?: User[];
}

export interface Page {
  thread: ThreadInfo;
  comments: Comment[];
  next: string | null;
  /** Of an answer to `since`: ids that are not to be seen any more; too much is new to be told. */
  gone?: string[];
  reset?: boolean;
}

export interface Site {
  key: string;
  name: string;
  guests: boolean;
  guest_email: "optional" | "required" | "off";
  edit_window: number;
  max_length: number;
  sort: string;
  reactions: string[];
  page_reactions: boolean;
  live: "events" | "poll" | "off";
}

export interface Provider {
  id: string;
  name: string;
  /** By language, where its readers call it otherwise. */
  names?: Record<string, string>;
  /** What the server must be told of it, in the visitor's words. */
  asks?: "instance" | "handle" | "address";
  icon?: Icon;
}

/** Drawn on 24 by 24; a path without a colour of its own has the brand's, `dark` on dark pages. */
export interface Icon {
  paths: [string, string?][];
  color: string;
  dark?: string;
}

export interface SiteAnswer {
  site: Site;
  providers: Provider[];
  /** Whether the server has a page where people see to their account. */
  account?: boolean;
  /** Whether the server sends mail. */
  mail?: boolean;
}

export interface Config {
  site: string;
  url: string;
  id: string;
  title: string;
  sort: string;
  lang: string;
  lazy: boolean;
}

/** A signed-in user of this browser on this site, with the bearer that proves it; "DPoP" needs the browser's key besides. */
export interface Held {
  token: string;
  token_type?: string;
  expires: string;
  user: User;
}

export type Vars = Record<string, unknown>;
export type Word = string | Record<string, string>;
export type Words = Record<string, Word>;

export interface Translate {
  (key: string, vars?: Vars): string;
  /** The same as pieces, so that a value may be an element. */
  rich(key: string, vars: Vars): (string | globalThis.Node)[];
  /** Words for an error: by its code, else what the server said. Comes with the reader's chunk. */
  error(problem: unknown): string;
  /** Words a chunk brings along; the page's language goes before them. */
  add(words: Words): void;
}

export interface ReadOptions extends RequestInit {
  query?: Record<string, string | undefined>;
  /** Past the browser's cache. */
  fresh?: boolean;
}

export interface CallOptions {
  method?: string;
  query?: Record<string, string | undefined>;
  body?: unknown;
  headers?: Record<string, string>;
  key?: string;
  fresh?: boolean;
  signal?: AbortSignal;
}

/** A call to the server in somebody's name. */
export type Ask = (path: string, options?: CallOptions & { held?: Held }) => Promise<any>;

/** The ticket that the page's address brought; null once it is taken. */
export interface Arrival {
  ticket: { tx: string; code: string } | null;
}

/** A place in the two rows of a comment; their order is in reader/slots.js. */
export type Slot =
  | "author" | "badge" | "provider" | "kind" | "time" | "edited" | "mark"
  | "likes" | "reply" | "quote" | "edit" | "delete" | "until" | "continue" | "menu";

/** One comment on the page. */
export interface View {
  data: Comment;
  el: HTMLElement;
  /** The row beside the face, and the row of buttons: both filled through `slot`. */
  meta: HTMLElement;
  actions: HTMLElement;
  /** Where its body, its boxes and its answers stand. */
  body: HTMLElement;
  below: HTMLElement;
  kids: HTMLElement;
  parent: View | null;
  depth: number;
}

export interface Thread {
  info: ThreadInfo;
  /** The comments that are shown, in the order in which they came. */
  views: Map<string, View>;
  /** The pages that came since the conversation was loaded. */
  pages: Page[];
  features: Feature[];
  /** The version up to which all that is new has been told. */
  seen?: number;
  /** One conversation is shown in place of the whole. */
  alone?: boolean;
  /** Each on its own: one that fails takes none along. */
  tell(news: (feature: Feature) => void): void;
  list: HTMLElement;
  /** Show a comment or its new state; a new one still has to be put in its place. `depth`: where that is not one below its
   * parent's. */
  show(comment: Comment, parent: View | null, depth?: number): View;
  /** Under the list: the button for more. */
  foot: HTMLElement;
  /** A page of the conversation, in the order of `config.sort`; `root`: of one comment's answers; `at`: the one conversation
   * around a comment; `since`: what is new after a version. */
  fetch(part: { after?: string; root?: string; at?: string; since?: string; sort?: string }, fresh?: boolean): Promise<Page>;
  /** Show a page, bit by bit; `root`: the comment whose answers these are. */
  take(page: Page, root?: View | null): Promise<void>;
  update(info: Partial<ThreadInfo>): void;
  reload(fresh?: boolean): Promise<boolean>;
}

/** What a module that adds something to the conversation wants to be told. None of it may await what another does. */
export interface Feature {
  /** A comment is shown, or shows a new state. Called again for the same comment: put nothing twice. Without an `author`
   * it is the tombstone of a deleted one. */
  visit?(view: View): void;
  /** A page of comments has come, after its comments were visited; `first`: the conversation was loaded, or loaded anew. */
  arrived?(page: Page, first: boolean): void;
  /** Another one speaks now, or nobody. Not called for who spoke already: ask `sessions.current()`. */
  speaker?(user: User | null): void;
  /** The conversation as a whole changed; what came may be a part of how it stands. */
  updated?(info: Partial<ThreadInfo>): void;
  /** News have come: perhaps of what the speaker did elsewhere. */
  stirred?(): void;
  /** What on this page is the speaker's own; null: nobody speaks. */
  mine?(answer: Mine | null): void;
  /** What the features behind it in the list and the other chunks get in their context. */
  gives?: Partial<Gifts>;
}

/** What of a page is the speaker's own: their reactions by comment, the one to the page, comments they have reported. */
export interface Mine {
  comments: { id: string; until: string; raw: string }[];
  pending: Comment[];
  reactions: Record<string, string>;
  page: string | null;
  flagged: string[];
  /** When it was asked for, as performance.now() tells it. */
  asked?: number;
}

/** A like button, with what it stands for. */
export interface Mark {
  /** The comment's; "" is the page. */
  id: string;
  /** Who wrote the comment. */
  name?: string;
  /** What is offered. */
  kinds: string[];
  sign(kind: string): Element | string;
  like: HTMLButtonElement;
  count: HTMLButtonElement;
  /** Of those who last liked the page. */
  faces?: HTMLElement;
  /** As they are shown, and which is the speaker's. */
  counts: Record<string, number>;
  mine?: string | null;
  /** When it was last pressed, or that was answered. */
  at?: number;
  draw(): void;
}

/** Somebody who reacted. */
export interface Person extends User {
  kind: string;
}

/** A row of a menu. */
export interface Choice {
  words: string;
  sign?: Element | string;
  /** Of several, one is chosen. */
  checked?: boolean;
  /** The words it answers stand in the row, if that stays. */
  act(): unknown;
  stays?: boolean;
}

/** What the social chunk brings. */
export interface Social {
  /** Somebody speaks at the end of it, with an account if that is asked for. @param why a word about why it opens
   * @param id the comment to be reported then */
  enter(why: string, accounts?: boolean, id?: string): Promise<boolean>;
  /** Open a menu at its button, or shut it if it stands there. `last`: the focus begins there. It answers how to add a row. */
  menu(opener: HTMLElement, label: string, choices: (Choice | false | "" | null | undefined)[], last?: boolean): ((choice: Choice) => void) | null;
  /** The menu of a comment. */
  more(view: View, opener: HTMLElement, last: boolean): void;
  /** What was pressed: the reaction is given or taken back, or one of several is chosen. */
  react(mark: Mark): Promise<void>;
  /** What was wanted before a sign-in. */
  resume(): Promise<void>;
  faces(of: Mark): Promise<void>;
  flag(view: View): Promise<void>;
  history(view: View): Promise<void>;
}

/** What features give to each other. */
export interface Gifts {
  /** Likes of the comments that are shown, and ("") of the page. */
  marks: Map<string, Mark>;
  /** Comments that the speaker has reported. */
  flagged: Set<string>;
  /** A face, with its picture if there is one. */
  portrait: typeof import("./comment.js").portrait;
  /** A time to the minute, in the reader's language and zone. */
  exact(time: string): string;
  /** Bring a comment into view and mark it; fresh: it has just been made, and the mark fades. */
  reveal(view: View, mark?: "target" | "fresh"): void;
  /** Show again what a comment stands among. */
  unfold(view: View): void;
  /** Show the one conversation around a comment, in place of the whole. */
  alone(id: string): Promise<void>;
  own: {
    /** @param comment as its author got it */
    remember(comment: Pick<Comment, "id" | "until" | "raw">): void;
    forget(id: string): void;
  };
}

/** What is being written in a box, as it is kept. */
export interface Draft {
  text?: string;
  open?: boolean;
  at?: number;
  sent?: { mark: string; key: string; body: any };
  /** The version that is being changed. */
  was?: string;
  /** It was sent without a connection, and is sent again by itself. */
  waits?: boolean;
}

/** A box to write in, as its tools get it. A tool that changes the text dispatches `input` on it. */
export interface Box {
  form: HTMLFormElement;
  text: HTMLTextAreaElement;
  /** Above the text; not seen while it is empty. */
  bar: HTMLElement;
  /** Below the text, with the button that sends. */
  row: HTMLElement;
  /** Its name among the drafts: "root", "reply:ID", "edit:ID". */
  name: string;
  /** The comment it answers. */
  parent?: string;
}

export interface Tool {
  /** The text is another one; called once at the beginning. */
  typed?(): void;
  /** A key went down; true: it was for this tool, and nobody else shall act on it. */
  key?(event: KeyboardEvent): boolean;
}

export interface Guest {
  name: string;
  email?: string;
  website?: string;
}

/** Where one says who one is. */
export interface Tray {
  el: HTMLElement;
  /** Begin anew, with a word about why. */
  show(why?: string): void;
  guest(): Guest;
  /** Show a trouble at the field it is about; whether it is about one of these. */
  blame(problem: unknown): boolean;
  /** Nobody waits for a login any more. */
  stop(): void;
}

/** What the sign-in chunk brings. */
export interface Door {
  /** @param place accounts: guests do not do */
  tray(place: { done(): void; become(guest: Guest): Promise<unknown>; accounts?: boolean }): Tray;
  arrive(ticket: { tx: string; code: string }): { popup: boolean; held: Promise<Held> } | null;
}

/** What the chunk for one conversation brings. */
export interface Alone {
  /** Fetch it and show it in place of the whole. */
  show(id: string): Promise<void>;
  /** Show the whole again, as it was. */
  leave(): void;
}

/** What the reader's chunk brings. */
export interface Reading {
  write(): Promise<Writer>;
  more(box: HTMLElement, after: string, root: View | null): Promise<void>;
}

/** What the composer's chunk brings. */
export interface Writer {
  reply(view: View): void;
  /** @param raw the comment as it was typed */
  edit(view: View, raw: string): void;
  remove(view: View): void;
  /** Put these words of a comment into an answer to it, or into the box that is being written in. */
  quote(view: View, words: string): void;
}

/** What embed.js hands to the chunks, so that nothing is shipped twice. */
export interface Context {
  el: HTMLElement;
  root: ShadowRoot;
  base: string;
  config: Config;
  /** Aborted when the widget goes. */
  signal: AbortSignal;
  /** When the page's language is there. */
  ready: Promise<void>;
  thread: Thread;
  /** The plain box that stood there from the first moment. */
  form: HTMLFormElement;
  text: HTMLTextAreaElement;
  t: Translate;
  clock: ReturnType<typeof import("./time.js").clock>;
  h: typeof import("./dom.js").h;
  clear: typeof import("./dom.js").clear;
  guard: typeof import("./dom.js").guard;
  button: typeof import("./dom.js").button;
  build: typeof import("./tree.js").build;
  portrait: typeof import("./comment.js").portrait;
  style(css: string): void;
  /** A chunk by its path, fetched and put to use once; after a failure anew. */
  chunk(path: string, use: (module: any) => any): Promise<any>;
  call(path: string, options?: ReadOptions): Promise<any>;
  emit(name: string, detail: unknown): void;
  /** Told to those who do not see it. */
  say(words: string): void;
  arrival: Arrival;
}

/** What features have that need nothing but the comments. */
export interface ReaderContext extends Omit<Context, "call">, Partial<Omit<Gifts, "portrait">> {
  /** Bring more to the place of a button, which stands aside meanwhile. */
  more(box: HTMLElement, bring: () => Promise<unknown>): Promise<void>;
  call(path: string, options?: CallOptions): Promise<any>;
  /** Show a comment, or its new state; a new one last among its brothers (or first, where the newest are first). */
  put(comment: Comment): View;
  /** The composer's chunk, fetched when it is first wanted. */
  write(): Promise<Writer>;
  use(...features: Feature[]): void;
  /** The chunk of those who are known: their own comments, and the proofs of their session. */
  known(): Promise<typeof import("./known/proof.js").proofs>;
  slot: typeof import("./reader/slots.js").slot;
  /** Do something every so many milliseconds, as long as the widget stands. */
  every(pause: number, work: () => unknown): void;
  /** Take a comment off, or leave a tombstone where answers hang on it. */
  drop(view: View): void;
}

/** The site, and who reads here. */
export interface People {
  about: SiteAnswer;
  site: Site;
  store: typeof import("./reader/store.js");
  sessions: ReturnType<typeof import("./reader/session.js").sessions>;
  /** Under which name the page's drafts are kept, and they. */
  shelf: string;
  kept(): Record<string, Draft>;
  ask: Ask;
  /** The public half of the browser's key, for a session that shall be bound to it. */
  jwk(): Promise<JsonWebKey | undefined>;
  providerOf(id: string | undefined): Provider | undefined;
  /** A provider's mark, or the first letter of its name. */
  mark(provider: Provider): Element;
  /** A provider's mark and name. */
  via(id: string | undefined): (globalThis.Node | string)[] | null;
  exchange(proven: object, key: string): Promise<Held>;
  /** A session that a sign-in brought. */
  welcome(held: Held): void;
  logout(): Promise<void>;
  /** Words for a session that the server takes no more. */
  why(problem: any): string;
  /** The sign-in chunk, fetched when it is first wanted. */
  door(): Promise<Door>;
}

/** What features have that need to know the site and who reads, and the composer's and the sign-in's chunks. */
export interface KnownContext extends Omit<ReaderContext, keyof Gifts>, People, Gifts {
  /** Do something with the social chunk, fetched when it is first wanted. What goes wrong is told under the row of buttons in
   * which `near` is. */
  social(near: Element | null, work: (chunk: Social) => unknown): void;
}

/** What the chunks behind the social one have. */
export interface SocialContext extends KnownContext {
  enter: Social["enter"];
  /** Open a dialog. `closed` is told when it is gone, however that came. */
  sheet(title: string, inside: (globalThis.Node | string | false)[], closed?: () => void): { el: HTMLDialogElement; close(): void };
}

declare global {
  const CW_CSS: string;
  const CW_READ_CSS: string;
  const CW_ONE_CSS: string;
  const CW_LIVE_CSS: string;
  const CW_WRITE_CSS: string;
  const CW_SIGN_CSS: string;
  const CW_HISTORY_CSS: string;
  const CW_FLAG_CSS: string;
  const CW_MODERATE_CSS: string;
  const CW_FACES_CSS: string;
  const CW_SOCIAL_CSS: string;
  const CW_TOOL_CSS: string;
  const CW_WORDS: Words;
  const CW_COUNT_WORDS: Words;
  const CW_READ_WORDS: Words;
  const CW_ONE_WORDS: Words;
  const CW_LIVE_WORDS: Words;
  const CW_WRITE_WORDS: Words;
  const CW_SIGN_WORDS: Words;
  const CW_HISTORY_WORDS: Words;
  const CW_FLAG_WORDS: Words;
  const CW_MODERATE_WORDS: Words;
  const CW_FACES_WORDS: Words;
  const CW_SOCIAL_WORDS: Words;
  const CW_KNOWN_WORDS: Words;
  const CW_TOOL_WORDS: Words;
  /** Codes of the languages besides English, separated by spaces; their file, with * for the code. */
  const CW_LANGUAGES: string;
  const CW_LOCALE: string;
  const CW_DROPIN: string;
  const CW_READER: string;
  const CW_ONE: string;
  const CW_LIVE: string;
  const CW_WRITER: string;
  const CW_SIGNIN: string;
  const CW_HISTORY: string;
  const CW_KNOWN: string;
  const CW_FLAG: string;
  const CW_MODERATE: string;
  const CW_FACES: string;
  const CW_SOCIAL: string;
  const CW_TOOLS: string;
  const CW_WORK: string;
}
