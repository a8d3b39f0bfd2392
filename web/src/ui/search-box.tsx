/** The one box: words, or a picture pasted or dropped in. It keeps the focus while the answer below it changes. */
import { effect, signal } from "@preact/signals";
import { useEffect, useRef, useState } from "preact/hooks";
import { start } from "../state";
import { finding, setPicture } from "./finding";
import { Icon } from "./icons";
import { isPicture } from "./picture-files";
import { PASTED, route, toPage } from "./router";
import { SearchHints, stepThroughHints } from "./search-hints";
import { Suggestions, useCompletion } from "./suggestions";

/** Time without a keystroke before the search begins, ms. */
const PAUSE = 180;
/** Waiting shorter than this is not shown, ms. */
const PATIENCE = 300;

/** True once the answer has been waited for long enough that the wait should be seen. */
const waiting = signal(false);
effect(() => {
  if (!finding.value.busy) {
    waiting.value = false;
    return;
  }
  const timer = setTimeout(() => { waiting.value = true; }, PATIENCE);
  return () => clearTimeout(timer);
});

function picturesOf(transfer: DataTransfer | null): File[] {
  return Array.from(transfer?.files ?? []).filter(isPicture);
}

export function findLike(picture: Blob): void {
  setPicture(picture);
  toPage({ page: "similar", id: PASTED });
}

function go(query: string): void {
  const { base } = route.value;
  const before = base.page === "search";
  if (query === "") {
    if (before) toPage({ page: "photos" }, "replace");
  } else if (!before || base.query !== query) {
    toPage({ page: "search", query, sort: before ? base.sort : "relevance" }, before ? "replace" : "push");
  }
}

export function SearchBox() {
  const input = useRef<HTMLInputElement>(null);
  const form = useRef<HTMLFormElement>(null);
  const timer = useRef(0);
  /** The words that this box itself put into the address. */
  const sent = useRef("");
  const [text, setText] = useState("");
  const [hinting, setHinting] = useState(false);
  const [dropping, setDropping] = useState(false);
  const { base } = route.value;
  const routed = base.page === "search" ? base.query : "";

  // The address may change by itself (back button, a tag that was followed); what is being typed wins over its own echo.
  useEffect(() => {
    if (routed === sent.current) return;
    sent.current = routed;
    setText(routed);
  }, [routed]);

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
      const target = event.target instanceof HTMLElement ? event.target : null;
      if (target && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))) return;
      event.preventDefault();
      input.current!.focus();
      input.current!.select();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);

  const change = (value: string) => {
    setText(value);
    clearTimeout(timer.current);
    timer.current = window.setTimeout(() => send(value), value.trim() === "" ? 0 : PAUSE);
  };
  const completion = useCompletion(input, change);
  const send = (value: string) => {
    sent.current = value.trim();
    go(sent.current);
  };
  const clear = () => {
    change("");
    completion.close();
    input.current!.focus();
  };
  const submit = (event: Event) => {
    event.preventDefault();
    clearTimeout(timer.current);
    send(text);
    setHinting(false);
    completion.close();
  };
  const press = (event: KeyboardEvent) => {
    if (completion.press(event)) return;
    if (event.key === "ArrowDown") return stepThroughHints(form.current!, event);
    if (event.key !== "Escape") return;
    event.preventDefault();
    if (text) change("");
    else input.current!.blur();
  };
  const paste = (event: ClipboardEvent) => {
    const [picture] = picturesOf(event.clipboardData);
    if (!picture) return;
    event.preventDefault();
    findLike(picture);
  };
  const drop = (event: DragEvent) => {
    setDropping(false);
    const [picture] = picturesOf(event.dataTransfer);
    if (!picture) return;
    event.preventDefault();
    event.stopPropagation();
    findLike(picture);
  };
  const leave = (event: FocusEvent) => {
    if (form.current!.contains(event.relatedTarget as Node | null)) return;
    setHinting(false);
    completion.close();
  };
  const ready = start.value.phase === "ready";
  const example = matchMedia("(min-width: 700px)").matches ? "Find photos: two dogs in the snow" : "Find photos";
  return (
    <form
      ref={form} class="search" role="search" data-dropping={dropping} onSubmit={submit} onFocusOut={leave}
      onDragOver={(event) => { event.preventDefault(); setDropping(true); }} onDragLeave={() => setDropping(false)} onDrop={drop}
    >
      <Icon name="search" size={20} />
      <input
        ref={input} type="search" class="search-input" data-testid="search-box" value={text} enterkeyhint="search"
        aria-label="Find photos" aria-keyshortcuts="/" placeholder={dropping ? "Drop a picture to find photos like it" : example}
        autocomplete="off" autocapitalize="off" spellcheck={false} maxLength={400} {...completion.aria}
        onInput={(event) => { change(event.currentTarget.value); completion.ask(); }} onFocus={() => setHinting(true)} onKeyDown={press} onPaste={paste}
      />
      {text ? (
        <button type="button" class="quiet round" aria-label="Clear the search" onClick={clear}><Icon name="close" size={18} /></button>
      ) : (
        <kbd class="search-key" aria-hidden="true">/</kbd>
      )}
      {waiting.value && <span class="search-wait" aria-hidden="true" />}
      {waiting.value && !ready && <span class="search-note" role="status">Getting ready to search…</span>}
      {completion.list.length > 0 && <Suggestions completion={completion} />}
      {hinting && text === "" && <SearchHints onPick={(hint) => { change(hint); input.current!.focus(); }} onPicture={(picture) => { setHinting(false); findLike(picture); }} onLeave={() => input.current!.focus()} />}
    </form>
  );
}
