// Shapes shared by the embed's modules; no code. What the server sends is described by /api/v1/openapi.json.

export type Node = string | [string, ...unknown[]];

export interface User {
  id: string;
  name: string;
  guest?: boolean;
  url?: string;
  avatar?: string;
  provider?: string;
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
  kind?: string;
  raw?: string;
  until?: string;
}

export interface ThreadInfo {
  url?: string;
  title?: string | null;
  count: number;
  version: number;
  open?: boolean;
}

export interface Page {
  thread: ThreadInfo;
  comments: Comment[];
  next: string | null;
}

export interface Site {
  key: string;
  name: string;
  guests: boolean;
  guest_email: "optional" | "required" | "off";
  edit_window: number;
  max_length: number;
  sort: string;
}

export interface Provider {
  id: string;
  name: string;
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
  /** Words for an error: by its code, else what the server said. */
  error(problem: unknown): string;
  /** Words a chunk brings along; the page's language goes before them. */
  add(words: Words): void;
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

/** One comment on the page. */
export interface View {
  data: Comment;
  el: HTMLElement;
  /** Where its body, its buttons and its answers stand. */
  body: HTMLElement;
  actions: HTMLElement;
  below: HTMLElement;
  kids: HTMLElement;
  parent: View | null;
  depth: number;
}

export interface Thread {
  views: Map<string, View>;
  info: ThreadInfo;
  /** Show a comment, or its new state; answers its view. */
  put(comment: Comment): View;
  update(info: Partial<ThreadInfo>): void;
  reload(fresh?: boolean): Promise<boolean>;
  /** Called with every comment that is or will be shown. */
  each(visit: (view: View) => void): void;
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
  tray(place: { done(): void; become(guest: Guest): Promise<unknown> }): Tray;
  arrive(ticket: { tx: string; code: string }): { popup: boolean; held: Promise<Held> } | null;
}

export interface Writer {
  reply(view: View): void;
  reloaded(): void;
}

/** What embed.js hands to the composer's chunk, so that nothing is shipped twice. */
export interface Context {
  el: HTMLElement;
  root: ShadowRoot;
  base: string;
  /** Where the chunks come from. */
  assets: string;
  config: Config;
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
  portrait: typeof import("./comment.js").portrait;
  style(css: string): void;
  call(path: string, options?: CallOptions): Promise<any>;
  emit(name: string, detail: unknown): void;
  say(words: string): void;
  arrival: Arrival;
}

declare global {
  const CW_CSS: string;
  const CW_WRITE_CSS: string;
  const CW_SIGN_CSS: string;
  const CW_WORDS: Words;
  const CW_WRITE_WORDS: Words;
  const CW_SIGN_WORDS: Words;
  const CW_LOCALES: Record<string, string>;
  const CW_WRITER: string;
  const CW_SIGNIN: string;
}
