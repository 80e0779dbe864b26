/** Commands that are named in messages, `</video:1>`: pressing one types it into the composer, as a person would. */

/** Let the names of commands in a list be pressed. */
export function startTyping(list) {
  list.addEventListener("click", ({ target }) => {
    const command = target.closest("[data-command]")?.dataset.command;
    const text = document.querySelector("#composer textarea#text");
    if (!command || !text || text.disabled) return;
    text.focus();
    text.setRangeText(`/${command} `, 0, text.value.length, "end");
    text.dispatchEvent(new InputEvent("input", { bubbles: true, inputType: "insertText" }));
  });
}
