// The query with completion; an error is shown under the very words it is about.

import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { ApiError } from "../api/client";
import { Icon } from "../parts/icons";
import { suggest, wordAt } from "../query";
import { param, setQuery } from "../router";

/** `begin`: somebody may type soon. */
export function QueryBar({
  error,
  known,
  begin,
  children,
}: {
  error: ApiError | null;
  known: Record<string, string[]>;
  begin: () => void;
  children?: ComponentChildren;
}) {
  const asked = param("q");
  const [text, setText] = useState(asked);
  /** The word that is being completed; null while none is. */
  const [word, setWord] = useState<string | null>(null);
  const options = word === null ? [] : suggest(word, known);
  const [chosen, setChosen] = useState(-1);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => setText(asked), [asked]);

  function typed(): void {
    const box = input.current;
    if (!box) return;
    setText(box.value);
    setWord(wordAt(box.value, box.selectionStart ?? 0).word);
    setChosen(-1);
  }
  function accept(option: string): void {
    const box = input.current;
    if (!box) return;
    const { start, end } = wordAt(box.value, box.selectionStart ?? 0);
    const unfinished = /[:.>]$/.test(option);
    const next =
      box.value.slice(0, start) + option + (unfinished ? "" : " ") + box.value.slice(end).trimStart();
    setText(next);
    box.value = next;
    box.focus();
    const caret = start + option.length + (unfinished ? 0 : 1);
    box.setSelectionRange(caret, caret);
    setWord(unfinished ? option : null);
    setChosen(-1);
  }
  function search(): void {
    setWord(null);
    setQuery({ q: text.trim() });
  }
  function key(event: KeyboardEvent): void {
    const option = options[chosen]?.[0];
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (!options.length) return;
      setChosen(
        (chosen + (event.key === "ArrowDown" ? 1 : -1 + options.length + (chosen < 0 ? 1 : 0))) %
          options.length,
      );
    } else if (event.key === "Tab" && options.length && !event.shiftKey) accept(option ?? options[0]![0]);
    else if (event.key === "Enter") option ? accept(option) : search();
    else if (event.key === "Escape") options.length ? setWord(null) : input.current?.blur();
    else return;
    event.preventDefault();
  }

  const { at, length = 1 } = error?.details ?? {};
  return (
    <div class="bar">
      <div class="search">
        <Icon name="search" />
        <input
          id="query"
          ref={input}
          value={text}
          placeholder="Search, or state:failed name:send_* args.user.id:42 runtime>5s since:2h"
          role="combobox"
          aria-label="Search tasks"
          aria-expanded={options.length > 0}
          aria-controls="options"
          aria-autocomplete="list"
          aria-activedescendant={chosen >= 0 ? `option-${chosen}` : undefined}
          aria-invalid={at !== undefined}
          aria-describedby={at === undefined ? undefined : "query-error"}
          autocomplete="off"
          spellcheck={false}
          onInput={typed}
          onKeyDown={key}
          onFocus={begin}
          onBlur={() => setWord(null)}
        />
        {options.length > 0 && (
          <ul class="options" id="options" role="listbox" aria-label="Completions">
            {options.map(([option, says], index) => (
              <li
                key={option}
                id={`option-${index}`}
                role="option"
                aria-selected={index === chosen}
                onPointerDown={(event) => {
                  event.preventDefault();
                  accept(option);
                }}
              >
                <code>{option}</code>
                <span>{says}</span>
              </li>
            ))}
          </ul>
        )}
        {error && at !== undefined && (
          <div class="problem" id="query-error" role="alert">
            <pre>
              {asked.slice(0, at)}
              <mark>{asked.slice(at, at + Math.max(1, length)) || " "}</mark>
              {asked.slice(at + Math.max(1, length))}
            </pre>
            {error.message}
          </div>
        )}
      </div>
      <button onClick={search}>Search</button>
      {children}
    </div>
  );
}
