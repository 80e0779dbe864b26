/** Tabs as a tablist: one stop for the keyboard, arrow keys choose. */

import { h } from "../core/dom.js";

/** Draw tabs for `[{id, label, panel}]`; `chosen(id)` is called after each choice. */
export function tabs(entries, label, chosen) {
  const buttons = entries.map(({ id, label }) =>
    h("button", {
      type: "button", role: "tab", id: `tab-${id}`, "data-tab": id, "aria-controls": `panel-${id}`,
    }, label),
  );
  const list = h("div", { role: "tablist", "aria-label": label, class: "drawer-tabs" }, buttons);
  for (const { id, panel } of entries) {
    panel.id = `panel-${id}`;
    panel.setAttribute("role", "tabpanel");
    panel.setAttribute("aria-labelledby", `tab-${id}`);
  }

  function choose(id) {
    const known = entries.some((entry) => entry.id === id) ? id : entries[0].id;
    for (const button of buttons) {
      const selected = button.dataset.tab === known;
      button.setAttribute("aria-selected", String(selected));
      button.tabIndex = selected ? 0 : -1;
      if (selected) button.scrollIntoView?.({ block: "nearest", inline: "nearest" });
    }
    for (const entry of entries) entry.panel.hidden = entry.id !== known;
    chosen(known);
  }

  list.addEventListener("click", ({ target }) => {
    const button = target.closest("[role=tab]");
    if (button) choose(button.dataset.tab);
  });
  list.addEventListener("keydown", (event) => {
    const at = buttons.indexOf(event.target);
    const steps = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: -1 };
    if (at < 0 || !(event.key in steps)) return;
    event.preventDefault();
    const next = buttons.at(steps[event.key] % buttons.length);
    next.focus();
    choose(next.dataset.tab);
  });
  return { list, choose, focus: () => buttons.find((button) => button.tabIndex === 0)?.focus() };
}
