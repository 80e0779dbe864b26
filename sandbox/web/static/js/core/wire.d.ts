/** The wire as types, written by `python -m sandbox.web.wire.typescript`: change the models, not this file. */

/** Any part of a message. */
export type Component = Row | Button | SelectMenu | Section | TextDisplay | Thumbnail | Gallery | FileComponent | Separator | Container;

/** Tell what somebody may spend in a period, in credits; null where there is no limit. */
export interface Account {
  who: string;
  period: string;
  cap: number | null;
  granted: number;
  used: number;
  left: number | null;
}

/** Tell what changed; with `reset`, everything that is known. */
export interface Activity {
  reset?: boolean;
  jobs?: Array<ProviderJob>;
  calls?: Array<Call>;
  log?: Array<string>;
  accounts?: Array<Account>;
  ledger?: Array<LedgerEntry>;
  faults?: Array<Fault>;
}

/** Describe a file of a message. */
export interface Attachment {
  id: string;
  filename: string;
  size: number;
  url: string;
  content_type?: string | null;
  width?: number | null;
  height?: number | null;
  description?: string | null;
}

/** Name who wrote a message. */
export interface Author {
  id: string;
  username: string;
  global_name?: string | null;
  bot?: boolean;
}

/** Ask the bot what the focused option may be. */
export interface Autocomplete {
  command: string;
  focused: string;
  options: Record<string, unknown>;
}

/** Name the interaction that began; how it goes is told by `interaction` events. */
export interface Begun {
  interaction: string;
}

/** Tell how the bot's process stands; `say` is a sentence for people. */
export interface BotEvent {
  state: BotState;
  pid: number | null;
  say: string;
}

/** Name the bot. */
export interface BotName {
  id: string;
  name: string;
}

export type BotState = "running" | "starting" | "stopped";

/** Hold a button; styles 1 to 4 are colours, 5 is a link, 6 costs money at Discord. */
export interface Button {
  type: 2;
  style: number;
  label?: string;
  emoji?: Emoji;
  custom_id?: string;
  url?: string;
  disabled?: boolean;
}

export interface Call {
  id: string;
  at: number;
  from: Side;
  to: Side;
  method: string;
  path: string;
  status: number | null;
  request: JsonValue;
  answer: JsonValue;
  files: Array<[string, number]>;
  ms: number | null;
}

/** Describe a channel, and what the person may do there. */
export interface ChannelView {
  id: string;
  name: string;
  topic: string | null;
  sees: boolean;
  may_write: boolean;
  may_attach: boolean;
  bot_may_write: boolean;
}

/** Offer what the bot does for what is typed. */
export interface Choices {
  choices: Array<OptionChoice>;
}

/** Click a button of a message. */
export interface Click {
  message: string;
  custom_id: string;
}

/** Hold a command as the bot registered it. */
export interface Command {
  type?: number;
  name: string;
  description?: string;
  name_localizations?: Record<string, string> | null;
  description_localizations?: Record<string, string> | null;
  options?: Array<CommandOption>;
}

/** Hold an option, a subcommand or a group of them, as the bot registered it. */
export interface CommandOption {
  type: number;
  name: string;
  description?: string;
  name_localizations?: Record<string, string> | null;
  description_localizations?: Record<string, string> | null;
  required?: boolean;
  autocomplete?: boolean;
  choices?: Array<LocalizedChoice>;
  options?: Array<CommandOption>;
  channel_types?: Array<number>;
  min_value?: number;
  max_value?: number;
  min_length?: number;
  max_length?: number;
}

/** Hold components in a frame of their own. */
export interface Container {
  type: 17;
  components: Array<Component>;
  accent_color?: number | null;
  spoiler?: boolean;
}

/** Name somebody or something that a select has chosen beforehand. */
export interface DefaultValue {
  id: string;
}

/** Delete a message, or dismiss a private one. */
export interface Delete {
  message: string;
}

/** Hold the framed preview of a classic message. */
export interface Embed {
  title?: string | null;
  description?: string | null;
  url?: string | null;
  color?: number | null;
  timestamp?: string | null;
  author?: EmbedAuthor;
  provider?: EmbedProvider;
  fields?: Array<EmbedField>;
  footer?: EmbedFooter;
  image?: EmbedMedia;
  thumbnail?: EmbedMedia;
}

/** Name who an embed is from. */
export interface EmbedAuthor {
  name: string;
  url?: string | null;
}

/** Hold one field of an embed. */
export interface EmbedField {
  name: string;
  value: string;
  inline?: boolean;
}

/** Hold an embed's last line. */
export interface EmbedFooter {
  text: string;
}

/** Describe an image of an embed. */
export interface EmbedMedia {
  url: string;
  width?: number;
  height?: number;
}

/** Name where an embed is from. */
export interface EmbedProvider {
  name?: string | null;
}

/** Name a Unicode emoji, or one of a server's own, which has an id. */
export interface Emoji {
  id?: string | null;
  name?: string;
}

/** Be somebody, somewhere, in a language; null keeps what is, or takes the first there is. */
export interface Enter {
  user?: string | null;
  channel?: string | null;
  locale?: string | null;
}

/** List all events by their `op`. */
export interface Events {
  words: Words;
  guild_view: GuildView;
  history: History;
  message_shown: MessageShown;
  message_gone: MessageGone;
  unread: Unread;
  interaction: InteractionEvent;
  bot: BotEvent;
  activity: Activity;
}

/** Tell how a button that breaks something stands, and what it should lead to. */
export interface Fault {
  name: string;
  group: string;
  label: string;
  leads_to: string;
  switch: boolean;
  state: TriggerState;
  say: string;
}

/** Hold one choice of a modal's field. */
export interface FieldChoice {
  label: string;
  value: string;
  description: string;
  default: boolean;
}

export type FieldKind = "text" | "paragraph" | "select" | "users" | "roles" | "mentionables" | "channels" | "files" | "radio" | "checkboxes" | "checkbox";

/** Hold a file to fetch. */
export interface FileComponent {
  type: 13;
  file: Media;
  name?: string | null;
  size?: number | null;
  spoiler?: boolean;
}

/** Hold images and clips. */
export interface Gallery {
  type: 12;
  items: Array<GalleryItem>;
}

/** Hold one image or clip of a gallery. */
export interface GalleryItem {
  media: Media;
  description?: string | null;
  spoiler?: boolean;
}

/** Name the server. */
export interface GuildName {
  id: string;
  name: string;
}

/** Hold what a person sees of a server while they are in a channel, or in none; `now` in milliseconds. */
export interface GuildView {
  me: Me;
  people: Array<Person>;
  guild: GuildName;
  channel: string | null;
  channels: Array<ChannelView>;
  names: Names;
  bot: BotName;
  commands: Array<Command>;
  limits: Limits;
  locales: Array<LocaleName>;
  now: number;
}

/** Give the newest messages of the channel that was entered, oldest first. */
export interface History {
  channel: string;
  messages: Array<Message>;
}

/** Press one of the buttons that break something. */
export interface InjectFault {
  name: string;
}

/** Tell how something that the person did stands; `say` is why it failed. */
export interface InteractionEvent {
  id: string;
  kind: InteractionKind;
  state: InteractionState;
  command: string | null;
  message: string | null;
  custom_id: string | null;
  channel: string;
  say: string | null;
  modal: OpenedModal | null;
}

export type InteractionKind = "slash" | "menu" | "click" | "select" | "submit";

export type InteractionState = "waiting" | "answered" | "failed" | "modal";

export type JsonValue = unknown;

/** Tell of one change of an account, in credits. */
export interface LedgerEntry {
  at: number;
  who: string;
  kind: string;
  amount: number;
  job: string | null;
  period: string;
}

/** Say how much Discord takes: bytes of a file, characters of a text, seconds until the first answer; and how many messages the page keeps. */
export interface Limits {
  file: number;
  text: number;
  answer_seconds: number;
  messages: number;
}

/** Name a language of Discord's clients. */
export interface LocaleName {
  id: string;
  name: string;
}

/** Hold a set choice of an option, as the bot registered it. */
export interface LocalizedChoice {
  name: string;
  value: string | number;
  name_localizations?: Record<string, string> | null;
}

/** Say who the page is. */
export interface Me {
  id: string;
  name: string;
  title: string;
  locale: string;
  manages: boolean;
}

/** Describe the file that a component shows. */
export interface Media {
  id?: string;
  url: string;
  attachment_id?: string;
  content_type?: string | null;
  width?: number | null;
  height?: number | null;
}

/** Hold a message as the API writes it, and under `page` what it is to this person. */
export interface Message {
  id: string;
  type: number;
  channel_id: string;
  author: Author;
  content: string;
  timestamp: string;
  edited_timestamp: string | null;
  embeds: Array<Embed>;
  components: Array<Component>;
  page: MessagePage;
}

/** Use a command of a message's menu. */
export interface MessageCommand {
  message: string;
  command: string;
}

/** Tell of a message that is not there any more. */
export interface MessageGone {
  channel: string;
  message: string;
}

/** Say what a message is to the person who sees it. */
export interface MessagePage {
  ephemeral: boolean;
  thinking: boolean;
  mine: boolean;
  pings_me: boolean;
  may_delete: boolean;
  used: UsedCommand | null;
  reply: RepliedTo | null;
  files: Array<Attachment>;
  reactions: Array<Reaction>;
  may_react: boolean;
}

/** Tell of a message that is new or was edited. */
export interface MessageShown {
  message: Message;
}

/** Hold a field of a modal; `low` and `high` count characters of a text, and values of everything else. */
export interface ModalField {
  custom_id: string;
  kind: FieldKind;
  label: string;
  description: string;
  placeholder: string;
  required: boolean;
  value: string | Array<string> | boolean | null;
  choices: Array<FieldChoice>;
  low: number;
  high: number;
}

/** Name what mentions may be of, by ids. */
export interface Names {
  users: Record<string, string>;
  roles: Record<string, RoleName>;
  channels: Record<string, string>;
}

/** Say no more than that it is done. */
export type Nothing = Record<string, never>;

/** Hold a modal that the bot opened; `texts` stand above its fields. */
export interface OpenedModal {
  id: string;
  title: string;
  fields: Array<ModalField>;
  texts: Array<string>;
}

/** Offer one value of an option. */
export interface OptionChoice {
  name: string;
  value: string | number;
}

/** Describe somebody whom the page can be. */
export interface Person {
  id: string;
  name: string;
  title: string;
  note: string;
  roles: Array<string>;
}

/** Tell where a provider's job stands, and what it costs in the vendor's unit. */
export interface ProviderJob {
  id: string;
  number: number;
  provider: string;
  action: string;
  state: string;
  progress: number | null;
  cost: number;
  price: number;
  prompt: string;
  message: string;
  at: number;
  ended: number | null;
}

/** React to a message with an emoji, or take that back. */
export interface React {
  message: string;
  emoji: string;
  on: boolean;
}

/** Count who reacted with an emoji, and say whether this person did. */
export interface Reaction {
  emoji: string;
  count: number;
  mine: boolean;
}

/** Answer a request that was not done; `say` is a sentence for people, `ref` null for what had no number. */
export interface Refusal {
  op: "refused";
  ref: number | null;
  say: string;
}

/** Show the beginning of the message that is answered. */
export interface RepliedTo {
  id: string;
  author: string;
  text: string;
}

/** List what each request is answered with, by its `op`. */
export interface Replies {
  enter: Nothing;
  send_message: Sent;
  slash: Begun;
  autocomplete: Choices;
  message_command: Begun;
  click: Begun;
  select: Begun;
  submit: Begun;
  delete: Nothing;
  react: Nothing;
  watch: Nothing;
  inject_fault: Nothing;
}

/** List all requests by their `op`. */
export interface Requests {
  enter: Enter;
  send_message: SendMessage;
  slash: Slash;
  autocomplete: Autocomplete;
  message_command: MessageCommand;
  click: Click;
  select: Select;
  submit: Submit;
  delete: Delete;
  react: React;
  watch: Watch;
  inject_fault: InjectFault;
}

/** Name a role, with its colour 0xRRGGBB; 0 for none. */
export interface RoleName {
  name: string;
  color: number;
}

/** Hold buttons, or a select, side by side. */
export interface Row {
  type: 1;
  components: Array<Component>;
}

/** Hold texts with something beside them. */
export interface Section {
  type: 9;
  components: Array<Component>;
  accessory?: Component;
}

/** Choose values of a message's select menu. */
export interface Select {
  message: string;
  custom_id: string;
  values?: Array<string>;
}

/** Hold a select of strings (3), people (5), roles (6), both (7) or channels (8). */
export interface SelectMenu {
  type: 3 | 5 | 6 | 7 | 8;
  custom_id: string;
  placeholder?: string;
  options?: Array<SelectOption>;
  default_values?: Array<DefaultValue>;
  min_values?: number;
  max_values?: number;
  disabled?: boolean;
}

/** Hold one choice of a string select. */
export interface SelectOption {
  label: string;
  value: string;
  description?: string | null;
  emoji?: Emoji;
  default?: boolean;
}

/** Write a message; `files` are ids of uploads. */
export interface SendMessage {
  content: string;
  files?: Array<string>;
}

/** Name the message that was written. */
export interface Sent {
  message: string;
}

/** Hold a line or a gap. */
export interface Separator {
  type: 14;
  divider?: boolean;
  spacing?: number;
}

export type Side = "bot" | "Discord" | "provider";

/** Use a slash command; `command` with its subcommands' names. */
export interface Slash {
  command: string;
  options: Record<string, unknown>;
}

/** Send a modal, by the interaction that opened it. */
export interface Submit {
  modal: string;
  values: Record<string, unknown>;
}

/** Hold a text. */
export interface TextDisplay {
  type: 10;
  content: string;
}

/** Hold the small image beside a section. */
export interface Thumbnail {
  type: 11;
  media: Media;
  description?: string | null;
  spoiler?: boolean;
}

export type TriggerState = "ready" | "armed" | "done" | "off";

/** Tell that something is new in another channel. */
export interface Unread {
  channel: string;
}

/** Say who used which command; a message's menu has commands too. */
export interface UsedCommand {
  user: string;
  title: string;
  command: string | null;
}

/** Begin or stop to be told of what goes on behind the scenes. */
export interface Watch {
  drawer?: boolean;
}

/** Give the page's own sentences in the reader's language: by the English, the translation, or its plural forms. `language` is the one that is spoken, `locale` the one that was asked for, in which dates are written. */
export interface Words {
  language: string;
  locale: string;
  messages: Record<string, Array<string>>;
}
