/** Tabs as a tablist: one stop for the keyboard, arrow keys choose. */

import { closest, h } from "../core/dom.js";

/** @typedef {{ id: string, label: string, panel: HTMLElement }} Tab */

/**
 * Draw tabs for `[{id, label, panel}]`; `chosen(id)` is called after each choice.
 * @type {(entries: Tab[], label: string, chosen: (id: string) => void) => { list: HTMLElement, choose: (id: string) => void, focus: () => void }}
 */
export function tabs(entries, label, chosen) {
  const buttons = entries.map(({ id, label }) =>
    h(
      "button",
      {
        type: "button",
        role: "tab",
        id: `tab-${id}`,
        "data-tab": id,
        "aria-controls": `panel-${id}`,
      },
      label,
    ),
  );
  const list = h("div", { role: "tablist", "aria-label": label, class: "drawer-tabs" }, buttons);
  for (const { id, panel } of entries) {
    panel.id = `panel-${id}`;
    panel.setAttribute("role", "tabpanel");
    panel.setAttribute("aria-labelledby", `tab-${id}`);
  }

  /** @type {(id: string | undefined) => void} */
  function choose(id) {
    const known = (entries.find((entry) => entry.id === id) ?? entries[0])?.id ?? "";
    for (const button of buttons) {
      const selected = button.dataset.tab === known;
      button.setAttribute("aria-selected", String(selected));
      button.tabIndex = selected ? 0 : -1;
      if (selected) button.scrollIntoView?.({ block: "nearest", inline: "nearest" });
    }
    for (const entry of entries) entry.panel.hidden = entry.id !== known;
    chosen(known);
  }

  list.addEventListener("click", (event) => {
    const button = closest(event, "[role=tab]");
    if (button) choose(button.dataset.tab);
  });
  list.addEventListener("keydown", (event) => {
    const at = buttons.findIndex((button) => button === event.target);
    /** @type {Record<string, number>} */
    const steps = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: -1 };
    const step = steps[event.key];
    const next = at < 0 || step === undefined ? undefined : buttons.at(step % buttons.length);
    if (!next) return;
    event.preventDefault();
    next.focus();
    choose(next.dataset.tab);
  });
  return { list, choose, focus: () => buttons.find((button) => button.tabIndex === 0)?.focus() };
}
