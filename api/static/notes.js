// A note goes out in the background. What cannot be sent waits in this browser with its photo, under its own key, and is
// never stored twice: the server knows every key. What is half written is kept too. Photos are shrunk before they are
// sent. Without this script the form works as it is.
"use strict";
(() => {
  const bar = document.getElementById("queue");
  const form = document.getElementById("note");
  if (!bar || !form || !window.fetch || !window.indexedDB) return;
  const said = bar.dataset;
  const look = document.getElementById("look");
  const half = `qingzai-note-${said.account}-${said.api}`;
  const field = (name) => form.elements[name];
  const all = (name) => [...form.querySelectorAll(`[name="${name}"]`)];
  const ticked = (name) => all(name).filter((one) => one.checked).map((one) => one.value);
  const newKey = () => [...crypto.getRandomValues(new Uint8Array(16))].map((n) => n.toString(16).padStart(2, "0")).join("");

  // The shelf: one store, by account, so that a shared phone mixes nobody's notes.
  const shelf = new Promise((done, failed) => {
    const asked = indexedDB.open("qingzai-notes", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("notes", { keyPath: "key" });
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => failed(asked.error);
  });
  const ask = async (mode, what) => {
    const store = (await shelf).transaction("notes", mode).objectStore("notes");
    return new Promise((done, failed) => {
      const asked = what(store);
      asked.onsuccess = () => done(asked.result);
      asked.onerror = () => failed(asked.error);
    });
  };
  const put = (note) => ask("readwrite", (store) => store.put(note));
  const drop = (key) => ask("readwrite", (store) => store.delete(key));
  const waiting = async () => (await ask("readonly", (store) => store.getAll()))
    .filter((one) => one.account === said.account).sort((a, b) => a.at - b.at);

  const line = (note) => {
    const entry = document.createElement("li");
    entry.className = "refused";
    entry.append(`${said.refused}${note.body.seen || note.label}: ${note.refused} `);
    const button = (label, act) => {
      const made = document.createElement("button");
      made.type = "button";
      made.className = "second";
      made.textContent = label;
      made.addEventListener("click", act);
      entry.append(made, " ");
    };
    if (note.photo) {
      button(said.bare, async () => { await put({ ...note, photo: null, refused: "" }); flush(); });
    }
    button(said.drop, async () => { await drop(note.key); show(); });
    return entry;
  };

  let told = "";
  const show = async () => {
    const notes = await waiting();
    const open = notes.filter((one) => !one.refused);
    bar.replaceChildren();
    if (told) bar.append(told, " ");
    if (open.length) bar.append(`${open.length} ${said.waiting}`);
    const list = document.createElement("ul");
    notes.filter((one) => one.refused).forEach((one) => list.append(line(one)));
    if (list.children.length) bar.append(list);
    bar.className = `card ${notes.length ? "amber" : "green"}`;
    bar.hidden = !notes.length && !told;
  };

  const problem = async (answer) => {
    const body = await answer.json().catch(() => ({}));
    const problems = body.error?.facts?.problems || [];
    return problems.map((one) => one.message).join(" ") || body.error?.message || `${answer.status}`;
  };
  const later = (answer) => answer.status >= 500 || answer.status === 401 || answer.status === 429;
  const post = (path, body) => fetch(path, {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
  });

  // Answers whether the next one may be tried. A photo that is stored stays stored when the note fails after it.
  const send = async (note) => {
    let { body } = note;
    if (note.photo && !body.photo_id) {
      const sent = new FormData();
      sent.append("photo", note.photo, "photo.jpg");
      sent.append("key", note.key);
      sent.append("kind", note.kind);
      note.shown.forEach((child) => sent.append("children", child));
      const answer = await fetch(`${note.api}/photos`, { method: "POST", body: sent });
      if (later(answer)) return false;
      if (!answer.ok) { await put({ ...note, refused: await problem(answer) }); return true; }
      body = { ...body, photo_id: (await answer.json()).id };
      await put({ ...note, body });
    }
    const answer = await post(note.api, { ...body, key: note.key });
    if (later(answer)) return false;
    if (answer.ok) await drop(note.key);
    else await put({ ...note, body, refused: await problem(answer) });
    return true;
  };

  let sending = false;
  const flush = async () => {
    if (sending) return;
    sending = true;
    try {
      for (const note of (await waiting()).filter((one) => !one.refused)) if (!(await send(note))) break;
    } catch { /* no network: what waits is tried again */ }
    sending = false;
    await show();
  };

  // Photos: at most 1600 pixels on the longer side, turned as the camera held them.
  const shrunk = async (file) => {
    try {
      const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
      const scale = Math.min(1, 1600 / Math.max(picture.width, picture.height));
      const canvas = document.createElement("canvas");
      canvas.width = Math.round(picture.width * scale);
      canvas.height = Math.round(picture.height * scale);
      canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
      return await new Promise((done) => canvas.toBlob((made) => done(made || file), "image/jpeg", 0.85));
    } catch { return file; /* a form this browser does not know, such as HEIC: the server says what to do */ }
  };
  const preview = document.getElementById("preview");
  field("photo").addEventListener("change", async () => {
    const file = field("photo").files[0];
    preview.hidden = true;
    if (!file) return;
    try {
      const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
      const scale = 240 / picture.width;
      preview.width = 240;
      preview.height = Math.round(picture.height * scale);
      preview.getContext("2d").drawImage(picture, 0, 0, preview.width, preview.height);
      preview.hidden = false;
    } catch { told = said.heic; show(); }
  });

  // A phrase fills the words and the domain; both can still be changed.
  all("phrase").forEach((one) => one.addEventListener("change", () => {
    const seen = field("seen");
    if (!seen.value || all("phrase").some((other) => other.dataset.words === seen.value)) seen.value = one.dataset.words;
    all("domain").forEach((domain) => { domain.checked = domain.value === one.dataset.domain; });
    keep();
  }));

  const read = (then) => ({
    children: ticked("children").map(Number),
    seen: field("seen").value.trim(),
    understood: field("understood").value.trim(),
    support: field("support").value.trim(),
    domain: ticked("domain")[0] || "",
    phrase: ticked("phrase")[0] || null,
    photo_id: field("photo_id") ? Number(field("photo_id").value) : null,
    written_at: new Date().toISOString(),
    is_draft: then === "draft",
    is_sure: true, // shown below before; without a network the class lead sees what was found
  });

  const keep = () => localStorage.setItem(half, JSON.stringify({ ...read("draft"), photo_id: null }));
  const restore = () => {
    let kept = null;
    try { kept = JSON.parse(localStorage.getItem(half)); } catch { /* nothing that can be read */ }
    if (!kept || field("seen").value || ticked("children").length) return;
    if (!kept.seen && !kept.children?.length) return;
    for (const name of ["seen", "understood", "support"]) field(name).value = kept[name] || "";
    all("children").forEach((one) => { one.checked = (kept.children || []).includes(Number(one.value)); });
    all("domain").forEach((one) => { one.checked = one.value === kept.domain; });
    told = said.restored;
  };

  const found = (findings) => {
    look.replaceChildren();
    if (!findings.length) return;
    const card = document.createElement("div");
    card.className = "card amber";
    card.id = "findings";
    card.setAttribute("role", "alert");
    const head = document.createElement("p");
    const bold = document.createElement("b");
    bold.textContent = said.look;
    head.append(bold);
    const list = document.createElement("ul");
    list.className = "plain";
    for (const one of findings) {
      const entry = document.createElement("li");
      entry.textContent = one.message;
      list.append(entry);
    }
    const hint = document.createElement("p");
    hint.className = "quiet";
    hint.textContent = said.hint;
    card.append(head, list, hint);
    look.append(card);
  };

  let seenFor = "";
  const words = (body) => [body.seen, body.understood, body.support, ...body.children].join("\n");
  const check = async (body) => {
    try {
      const answer = await post(`${said.api}/check`, { ...body, photo_id: null });
      return answer.ok ? await answer.json() : [];
    } catch { return []; }
  };
  let timer = 0;
  form.addEventListener("input", () => {
    keep();
    clearTimeout(timer);
    timer = setTimeout(async () => {
      const body = read("draft");
      if (!body.seen && !body.understood && !body.support) { found([]); return; }
      const findings = await check(body);
      found(findings);
      if (findings.length) seenFor = words(body);
    }, 900);
  });

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    clearTimeout(timer);
    const buttons = [...form.querySelectorAll("button")];
    const then = event.submitter?.value || "submit";
    const body = read(then);
    if (!body.children.length || (!body.seen && !body.phrase) || !body.domain) {
      told = said.choose;
      await show();
      bar.scrollIntoView({ block: "center" });
      return;
    }
    buttons.forEach((one) => { one.disabled = true; });
    const findings = seenFor === words(body) ? [] : await check(body);
    if (findings.length) {
      found(findings);
      seenFor = words(body);
      buttons[0].textContent = said.sure;
      buttons.forEach((one) => { one.disabled = false; });
      look.scrollIntoView({ block: "center" });
      return;
    }
    const file = field("photo").files[0];
    const kind = ticked("kind")[0] || "moment";
    const shown = kind === "work" ? [] : [...new Set([...body.children, ...ticked("photo_children").map(Number)])];
    const key = newKey();
    await put({
      key, account: said.account, at: Date.now(), api: said.api, body, kind, shown,
      label: ticked("phrase")[0] || "", photo: file ? await shrunk(file) : null, refused: "",
    });
    localStorage.removeItem(half);
    form.reset();
    all("children").forEach((one) => { one.checked = false; });
    field("seen").value = field("understood").value = field("support").value = "";
    preview.hidden = true;
    found([]);
    seenFor = "";
    buttons.forEach((one) => { one.disabled = false; });
    await flush();
    told = (await waiting()).some((one) => one.key === key) ? said.kept : said.stored;
    await show();
    bar.scrollIntoView({ block: "center" });
  });

  window.addEventListener("online", flush);
  setInterval(async () => { if ((await waiting()).some((one) => !one.refused)) flush(); }, 5000);
  restore();
  flush();
})();
