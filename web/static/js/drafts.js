// What is typed into a form is kept in this browser until it is saved: into any form with words of one's own, unless it says
// data-draft="off". Sealed with a key that the page gives to the person who is signed in, and to nobody else; removed when
// it is saved, when they sign out, after a week. data-draft="kept" is a form that carries on what another one said; "carried", one that came back with
// all that was typed into it.

const { draftPerson: person, draftKey: secret } = document.body.dataset;
const words = document.body.dataset;
const ROOM = "musette-draft:";
const WEEK = 7 * 24 * 3600 * 1000;
const SENT = "musette-draft-sent";

const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
const text = (data) => btoa(Array.from(new Uint8Array(data), (byte) => String.fromCharCode(byte)).join(""));

function names() {
  return Object.keys(localStorage).filter((name) => name.startsWith(ROOM));
}

// Somebody who signs out leaves nothing behind, whoever comes next.
let leaving = false;
for (const form of document.querySelectorAll("form[data-signout]")) {
  form.addEventListener("submit", () => {
    leaving = true;
    for (const name of names()) localStorage.removeItem(name);
  });
}

function sweep() {
  for (const name of names()) {
    let at = 0;
    try { at = JSON.parse(localStorage.getItem(name)).at; } catch { /* not ours any more */ }
    if (!(Date.now() - at < WEEK)) localStorage.removeItem(name);
  }
}

async function seal(key, name, value) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const data = new TextEncoder().encode(JSON.stringify(value));
  const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: new TextEncoder().encode(name) }, key, data);
  return JSON.stringify({ at: Date.now(), iv: text(iv), data: text(sealed) });
}

async function unseal(key, name) {
  const kept = localStorage.getItem(name);
  if (!kept) return null;
  try {
    const { at, iv, data } = JSON.parse(kept);
    const opened = await crypto.subtle.decrypt(
      { name: "AES-GCM", iv: bytes(iv), additionalData: new TextEncoder().encode(name) }, key, bytes(data));
    return { at, pairs: JSON.parse(new TextDecoder().decode(opened)) };
  } catch {
    localStorage.removeItem(name);
    return null;
  }
}

// The person's own words and choices: nothing hidden, no file.
function controls(form) {
  return [...form.elements].filter((one) => one.name && !["hidden", "file", "submit", "button", "password"].includes(one.type));
}

function said(form) {
  return controls(form)
    .filter((one) => !["checkbox", "radio"].includes(one.type) || one.checked)
    .flatMap((one) => (one.multiple ? [...one.selectedOptions].map((chosen) => [one.name, chosen.value]) : [[one.name, one.value]]));
}

function fill(form, pairs) {
  const left = pairs.map((pair) => [...pair]);
  const take = (name, value) => {
    const at = left.findIndex((pair) => pair[0] === name && (value === undefined || pair[1] === value));
    return at < 0 ? null : left.splice(at, 1)[0][1];
  };
  for (const one of controls(form)) {
    if (["checkbox", "radio"].includes(one.type)) one.checked = take(one.name, one.value) !== null;
    else if (one.multiple) for (const choice of one.options) choice.selected = take(one.name, choice.value) !== null;
    else one.value = take(one.name) ?? one.value;
    one.closest("details")?.setAttribute("open", "");
  }
}

function offer(form, draft, discard) {
  const when = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "long", timeStyle: "short" }).format(draft.at);
  const notice = document.createElement("div");
  notice.className = "notice notice-warn";
  notice.setAttribute("role", "status");
  const sentence = document.createElement("p");
  sentence.textContent = words.draftOffer.replace("{when}", when);
  const actions = document.createElement("div");
  actions.className = "actions";
  const button = (label, act) => {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "button";
    made.textContent = label;
    made.addEventListener("click", () => { act(); notice.remove(); });
    actions.append(made);
  };
  button(words.draftBack, () => { fill(form, draft.pairs); controls(form)[0]?.focus(); });
  button(words.draftDiscard, discard);
  notice.append(sentence, actions);
  form.prepend(notice);
  form.closest("details")?.setAttribute("open", "");
}

function hasOwnWords(form) {
  return controls(form).some((one) => one.localName === "textarea" || (one.localName === "input" && one.type === "text"));
}

function isOnlyALine(form) {
  return form.dataset.draft === "quiet" || (form.dataset.draft === undefined && !form.querySelector("textarea"));
}

// Where the form goes; and what it is about, where that is an address: in the store it says nothing to anybody.
async function nameOf(form) {
  const path = `${ROOM}${person}:${new URL(form.action, location.href).pathname}`;
  const about = form.elements.url;
  if (about?.type !== "hidden") return path;
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(`${secret}\n${about.value}`));
  return `${path}#${text(new Uint8Array(digest).slice(0, 12))}`;
}

const named = new WeakMap();

async function keep(form, key) {
  const name = await nameOf(form);
  named.set(form, name);
  const carried = form.dataset.draft === "carried";
  const before = carried ? null : JSON.stringify(said(form));
  const draft = carried ? null : await unseal(key, name);
  if (draft && JSON.stringify(draft.pairs) !== before) offer(form, draft, () => localStorage.removeItem(name));
  let waiting;
  const write = async () => {
    clearTimeout(waiting);
    waiting = undefined;
    if (leaving) return;
    const now = said(form);
    // Typed and taken back: nothing to keep.
    if (JSON.stringify(now) === before) { localStorage.removeItem(name); return; }
    try {
      const sealed = await seal(key, name, now);
      if (!leaving) localStorage.setItem(name, sealed);
    } catch { /* full or forbidden: then there is no draft */ }
  };
  const soon = () => { clearTimeout(waiting); waiting = setTimeout(write, 250); };
  form.addEventListener("input", soon);
  form.addEventListener("change", soon);
  form.addEventListener("submit", write);
  document.addEventListener("visibilitychange", () => { if (document.hidden && waiting) write(); });
  if (carried) await write();
  if (isOnlyALine(form)) return;
  const note = document.createElement("p");
  note.className = "soft small no-print";
  note.textContent = words.draftNote;
  form.append(note);
}

if (person && secret && globalThis.crypto?.subtle) {
  try {
    sweep();
    const sent = sessionStorage.getItem(SENT);
    if (sent && document.querySelector("[data-saved]")) localStorage.removeItem(sent);
    if (sent && document.querySelector("[data-saved]")) sessionStorage.removeItem(SENT);
    // The next page may say that something was saved: that is said of this form, or of none that is kept.
    document.addEventListener("submit", (event) => {
      const name = named.get(event.target);
      if (name) sessionStorage.setItem(SENT, name);
      else if (event.target.dataset.draft !== "kept") sessionStorage.removeItem(SENT);
    });
    const forms = [...document.querySelectorAll("main form[method=post]")].filter(
      (form) => !["off", "kept"].includes(form.dataset.draft) && (form.dataset.draft !== undefined || hasOwnWords(form)));
    if (forms.length) {
      const key = await crypto.subtle.importKey("raw", bytes(secret), "AES-GCM", false, ["encrypt", "decrypt"]);
      for (const form of forms) await keep(form, key);
    }
  } catch {
    // A browser that keeps nothing: the pages work without it.
  }
}
