// Making elements: texts are texts, never markup.

/** An element with attributes, and children that are elements or texts. */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === true) made.setAttribute(key, "");
    else if (value !== false && value !== null && value !== undefined) made.setAttribute(key, value);
  }
  made.append(...children);
  return made;
}

export function byId(id) {
  return document.getElementById(id);
}

/** Scroll a box, and nothing around it, until something in it can be seen; what is wider than the box, its beginning. */
export function bringIntoView(box, one) {
  const outer = box.getBoundingClientRect();
  const inner = one.getBoundingClientRect();
  if (inner.top < outer.top || inner.bottom > outer.bottom) {
    box.scrollTop += inner.top - outer.top - (outer.height - inner.height) / 2;
  }
  if (inner.width < outer.width && (inner.left < outer.left || inner.right > outer.right)) {
    box.scrollLeft += inner.left - outer.left - (outer.width - inner.width) / 2;
  }
}

/** Light up what carries a variable: ``lit`` with its term, ``kin`` with another. The first lit one comes into view. */
export function lightTerms(root, { variables, terms }, isShown) {
  let first = null;
  for (const one of root.querySelectorAll("[data-variable]")) {
    const { variable, term } = one.dataset;
    const isLit = term !== undefined && Boolean(terms.get(variable)?.has(Number(term)));
    one.classList.toggle("lit", isLit);
    one.classList.toggle("kin", !isLit && variables.has(variable));
    if (isLit) first ??= one;
  }
  if (first && isShown && !isUsed(root)) bringIntoView(root, first);
}

/** Light up what stands for a variable as a whole. */
export function lightVariables(root, ones, nameOf, variables, isShown) {
  let first = null;
  for (const one of ones) {
    const isLit = variables.has(nameOf(one));
    one.classList.toggle("lit", isLit);
    if (isLit) first ??= one;
  }
  if (first && isShown && !isUsed(root)) bringIntoView(root, first);
}

/** Tell ``on`` what is pointed at: the parts of ``root`` that ``selector`` finds, as ``told(part)`` says them. */
export function listen(root, selector, on, told) {
  for (const [event, what] of [["mouseover", "hover"], ["focusin", "focus"], ["click", "pick"]]) {
    root.addEventListener(event, ({ target }) => {
      const one = target.closest(selector);
      if (one) on[what](...told(one, target));
      else if (what === "hover") on.hover();
    });
  }
  root.addEventListener("mouseleave", () => on.hover());
  root.addEventListener("focusout", () => on.focus());
}

/** Whether somebody is in a part of the page: there nothing moves by itself. */
export function isUsed(root) {
  return root.matches(":hover") || root.contains(document.activeElement);
}
