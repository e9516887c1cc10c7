// Finds elements as a person would name them, and refuses what a person could not use: hidden,
// covered, disabled or ambiguous ones. Injected with each act; what stays in the page
// until the next one is told at `watch`.

const flat = text => (text ?? "").replace(/\s+/g, " ").trim();

const visible = element =>
  element.getClientRects().length > 0 && element.checkVisibility({ visibilityProperty: true });

const shown = element => element.outerHTML.replace(/\s+/g, " ").slice(0, 140);

function only(found, what) {
  if (found.length === 0) throw new Error(`absent: ${what}`);
  if (found.length > 1) {
    throw new Error(`ambiguous: ${found.length} × ${what}: ${found.slice(0, 5).map(shown).join(" | ")}`);
  }
  return found[0];
}

function one(selector) {
  return only([...document.querySelectorAll(selector)], selector);
}

const ROLES = {
  button: "button, summary, input[type=button], input[type=submit], input[type=reset]",
  link: "a[href], area[href]",
  checkbox: "input[type=checkbox]",
  radio: "input[type=radio]",
  heading: "h1, h2, h3, h4, h5, h6",
  listitem: "li",
  option: "option",
};

function label(element) {
  const ids = flat(element.getAttribute("aria-labelledby"));
  if (ids) return flat(ids.split(" ").map(id => document.getElementById(id)?.innerText).join(" "));
  if (element.hasAttribute("aria-label")) return flat(element.getAttribute("aria-label"));
  if (element.labels?.length) return flat([...element.labels].map(each => each.innerText).join(" "));
  if (element.matches("input[type=button], input[type=submit], input[type=reset]")) return flat(element.value);
  return flat(element.innerText);
}

// The exact text wins; part of it is enough when only one element has it.
function bearing(text, candidates, name, what) {
  const exact = candidates.filter(element => name(element) === flat(text));
  if (exact.length > 0) return only(exact, what);
  const partly = candidates.filter(element => name(element).includes(flat(text)));
  if (partly.length > 0) return only(partly, what);
  const names = candidates.map(name).slice(0, 30).join(" | ");
  throw new Error(`absent: ${what}; there are: ${names}`);
}

function named(kind, text) {
  const selector = [kind, `[role="${kind}"]`, ROLES[kind]].filter(Boolean).join(", ");
  const candidates = [...document.querySelectorAll(selector)].filter(visible);
  return bearing(text, candidates, label, `${kind} “${text}”`);
}

function field(name) {
  let found = [];
  // A label is not always a valid selector.
  try { found = [...document.querySelectorAll(name)]; } catch { found = []; }
  if (found.length > 0) return only(found, name);
  const fields = "input:not([type=hidden]), textarea, select, [contenteditable]:not([contenteditable=false])";
  const candidates = [...document.querySelectorAll(fields)].filter(visible);
  const names = element => label(element) || flat(element.placeholder);
  return bearing(name, candidates, names, `field “${name}”`);
}

const frame = () => new Promise(done => {
  requestAnimationFrame(done);
  setTimeout(done, 100);
});

function centre(element) {
  // The first piece: the middle of a link that wraps may lie beside it.
  const rect = [...element.getClientRects()].find(each => each.width > 0 && each.height > 0);
  return rect && { x: rect.x + rect.width / 2, y: rect.y + rect.height / 2 };
}

function hit(element, at) {
  const top = at && document.elementFromPoint(at.x, at.y);
  return { top, fits: top && meets(element, top) };
}

// Whether a press there is one on the element: on what it holds, or on its label.
function meets(element, there) {
  return element.contains(there) || there.closest?.("label")?.control === element;
}

async function point(element) {
  if (!visible(element)) throw new Error(`not visible: ${shown(element)}`);
  if (element.matches(":disabled")) throw new Error(`disabled: ${shown(element)}`);
  if (!hit(element, centre(element)).fits) {
    element.scrollIntoView({ block: "center", inline: "center", behavior: "instant" });
  }
  let at = centre(element);
  for (let still = 0, frames = 0; still < 2; frames += 1) {
    if (frames > 60) throw new Error(`still moving: ${shown(element)}`);
    await frame();
    const now = centre(element);
    if (!now) throw new Error(`not visible any more: ${shown(element)}`);
    still = Math.abs(now.x - at.x) + Math.abs(now.y - at.y) < 0.5 ? still + 1 : 0;
    at = now;
  }
  const { top, fits } = hit(element, at);
  if (!top) throw new Error(`outside the screen: ${shown(element)}`);
  if (!fits) throw new Error(`covered: ${shown(element)} by ${shown(top)}`);
  watch(element);
  return at;
}

// Whoever sees a button move just before the finger comes down aims again: a press beside the element is
// swallowed whole, and `missedPress` says so.
function watch(element) {
  const kinds = ["pointerdown", "mousedown", "pointerup", "mouseup", "click"];
  window.forgetPress?.();
  window.missedPress = false;
  const heed = event => {
    if (event.type === "pointerdown") {
      const fits = meets(element, event.target);
      window.missedPress = !fits;
      if (fits) leave();
    }
    if (!window.missedPress) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (event.type === "click") leave();
  };
  const leave = () => kinds.forEach(kind => removeEventListener(kind, heed, true));
  window.forgetPress = leave;
  kinds.forEach(kind => addEventListener(kind, heed, { capture: true, passive: false }));
}

// True when the field now waits for typed text, false when it already has its value.
async function prepare(element, value) {
  if (!visible(element)) throw new Error(`not visible: ${shown(element)}`);
  if (element.matches(":disabled, :read-only:not(select)")) throw new Error(`not editable: ${shown(element)}`);
  element.scrollIntoView({ block: "center", behavior: "instant" });
  element.focus();
  if (document.activeElement !== element) throw new Error(`takes no focus: ${shown(element)}`);
  const told = () => {
    element.dispatchEvent(new Event("input", { bubbles: true }));
    element.dispatchEvent(new Event("change", { bubbles: true }));
    return false;
  };
  if (element.localName === "select") {
    const options = [...element.options];
    const chosen = options.find(each => flat(each.text) === flat(value)) ?? options.find(each => each.value === value);
    if (!chosen) throw new Error(`no option “${value}”: ${options.map(each => each.text).join(" | ")}`);
    element.value = chosen.value;
    return told();
  }
  if (/^(date|time|datetime-local|month|week|color|range)$/.test(element.type)) {
    element.value = value;
    if (element.value !== value) throw new Error(`takes no “${value}”: ${shown(element)}`);
    return told();
  }
  // What the app says a moment later may take the focus elsewhere: to what is wrong, say.
  await frame();
  if (document.activeElement !== element) throw new Error(`loses the focus: ${shown(element)}`);
  if (element.isContentEditable) getSelection().selectAllChildren(element);
  else element.select();
  return true;
}
