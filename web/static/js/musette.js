// Enhancements only: every page works without this file. An element asks for one by its data- attribute.

const enhancements = {
  // A list that grows long gets a box to narrow it. Hidden entries keep their ticks.
  filter: (list) => {
    const entries = [...list.children];
    if (entries.length < 8) return;
    const label = document.createElement("label");
    label.textContent = list.dataset.filterLabel;
    const box = document.createElement("input");
    box.type = "search";
    box.id = `${list.id}-filter`;
    box.autocomplete = "off";
    label.htmlFor = box.id;
    const field = document.createElement("div");
    field.className = "field no-print";
    field.append(label, box);
    list.before(field);
    const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
    box.addEventListener("input", () => {
      const wanted = fold(box.value);
      for (const entry of entries) entry.hidden = !fold(entry.textContent).includes(wanted);
    });
    // Enter must not send the form around it.
    box.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
  },

  // Tick or untick everything that is shown.
  all: (group) => {
    const boxes = () => [...group.querySelectorAll("li:not([hidden]) input[type=checkbox]")];
    if (boxes().length < 3) return;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button button-quiet";
    const say = () => { button.textContent = boxes().every((box) => box.checked) ? group.dataset.noneLabel : group.dataset.allLabel; };
    button.addEventListener("click", () => {
      const wanted = !boxes().every((box) => box.checked);
      for (const box of boxes()) box.checked = wanted;
      say();
    });
    group.addEventListener("change", say);
    group.querySelector("legend, h2, h3")?.after(button);
    say();
  },

  // The text of one element, copied.
  copy: (place) => {
    if (!navigator.clipboard) return;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button";
    button.textContent = place.dataset.copyLabel;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(place.querySelector("input").value);
      button.textContent = place.dataset.copiedLabel;
    });
    place.querySelector("input").after(button);
  },

  // Answers while one types; the last question asked is the one answered.
  ask: (form) => {
    const box = form.querySelector("input[type=search]");
    const place = document.getElementById(form.dataset.answers);
    let waiting;
    let asked = 0;
    box.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(() => {
        const mine = ++asked;
        const address = new URL(form.action);
        address.search = new URLSearchParams({ q: box.value, part: "1" });
        // The one way to read markup that trusted types leave open; nothing in it runs.
        const request = new XMLHttpRequest();
        request.open("GET", address);
        request.responseType = "document";
        request.overrideMimeType("text/html; charset=utf-8");
        request.addEventListener("load", () => {
          const answered = request.status === 200 && request.responseURL === address.href && request.response;
          if (answered && mine === asked) place.replaceChildren(...request.response.body.childNodes);
        });
        request.send();
      }, 120);
    });
  },

  // A form that was sent is not sent twice by an impatient finger.
  once: (form) => {
    form.addEventListener("submit", () => {
      setTimeout(() => { for (const button of form.querySelectorAll("button[type=submit]")) button.disabled = true; });
    });
    addEventListener("pageshow", () => { for (const button of form.querySelectorAll("button[type=submit]")) button.disabled = false; });
  },

  // How far something is, until it is done: then the page that shows it.
  await: (place) => {
    const said = place.querySelector("[data-said]");
    const bar = place.querySelector("progress");
    const ask = async () => {
      const answer = await fetch(place.dataset.address, { headers: { Accept: "application/json" }, redirect: "error" }).catch(() => null);
      const now = answer?.ok ? await answer.json() : null;
      if (now?.ended || (answer && !answer.ok)) { location.replace(place.dataset.address); return; }
      if (now?.steps) {
        bar.max = now.steps;
        bar.value = now.step;
        said.textContent = said.dataset.said.replace("{step}", now.step).replace("{steps}", now.steps);
      } else if (now?.seconds) said.textContent = said.dataset.saidSeconds.replace("{seconds}", now.seconds);
      setTimeout(ask, 1000);
    };
    setTimeout(ask, 700);
  },

  // A file that is too large is refused before it is sent.
  limit: (box) => {
    box.addEventListener("change", () => {
      const size = Math.max(0, ...[...box.files].map((file) => file.size));
      box.setCustomValidity(size > Number(box.dataset.mostBytes) ? box.dataset.tooLarge : "");
      box.reportValidity();
    });
  },

  // A file dropped anywhere on the form is the file chosen.
  drop: (form) => {
    const box = form.querySelector("input[type=file]");
    for (const kind of ["dragover", "dragenter"]) form.addEventListener(kind, (event) => { event.preventDefault(); form.classList.add("dropping"); });
    form.addEventListener("dragleave", () => form.classList.remove("dropping"));
    form.addEventListener("drop", (event) => {
      event.preventDefault();
      form.classList.remove("dropping");
      if (event.dataTransfer.files.length) box.files = event.dataTransfer.files;
    });
  },
};

for (const element of document.querySelectorAll("[data-enhance]")) {
  for (const name of element.dataset.enhance.split(" ")) enhancements[name]?.(element);
}

// What does not fit is read first.
(document.getElementById("problems") ?? document.querySelector("main [aria-invalid=true]"))?.focus();
