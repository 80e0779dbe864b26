/** The list is one stop for the keyboard; arrow keys go from message to message. */

/** Let arrow keys move the focus among the messages of a list in its scroller. */
export function startRoving(scroller, list) {
  scroller.addEventListener("keydown", (event) => {
    const { target, key } = event;
    if (event.defaultPrevented || (target !== scroller && !target.matches("article"))) return;
    const next = { ArrowUp: above, ArrowDown: below, Home: first, End: last }[key]?.(target, list);
    if (!next) return;
    event.preventDefault();
    next.focus();
    next.scrollIntoView({ block: "nearest" });
  });
}

function above(from, list) {
  return from.matches("article") ? neighbour(from, "previousElementSibling") : last(from, list);
}

function below(from) {
  return from.matches("article") ? neighbour(from, "nextElementSibling") : null;
}

function first(_, list) {
  return list.querySelector("article");
}

function last(_, list) {
  return [...list.querySelectorAll("article")].at(-1);
}

function neighbour(article, side) {
  const found = article[side];
  return found?.matches("article") ? found : null;
}
