/* What JavaScript adds. Every page works without it; nothing here decides, records or moves the focus by itself. */
(() => {
  "use strict";

  const account = document.body.dataset.account || "";
  const PREFIX = "renkei:";
  const SENT = `${PREFIX}sent`;
  const NO_KEYS = "renkei-no-keys";
  const ASK_EVERY = 20000;

  const element = (name, attributes, ...content) => {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes || {})) made.setAttribute(key, value);
    made.append(...content);
    return made;
  };
  const button = (text, work) => {
    const made = element("button", { type: "button", class: "button button-second" }, text);
    made.addEventListener("click", work);
    return made;
  };
  const composing = (event) => event.isComposing || event.keyCode === 229;
  const each = (selector, work) => document.querySelectorAll(selector).forEach(work);

  /* The input method's Enter ends a conversion; it never sends a form (Safari tells of it by keyCode alone). */
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && composing(event) && event.target instanceof HTMLInputElement) event.preventDefault();
  }, true);

  /* A second click on a form that is on its way does nothing. What really protects is the form's key. */
  const restUntilAnswered = (form) => {
    form.dataset.sent = "yes";
    form.querySelectorAll("button[type=submit]").forEach((one) => one.setAttribute("aria-disabled", "true"));
    setTimeout(() => mayBeSent(form), 15000);
  };
  const mayBeSent = (form) => {
    delete form.dataset.sent;
    form.querySelectorAll("button[type=submit]").forEach((one) => one.removeAttribute("aria-disabled"));
  };
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post") return;
    if (form.dataset.sent) event.preventDefault();
    else restUntilAnswered(form);
  });

  /* A page that the browser took out of its memory may be old. */
  window.addEventListener("pageshow", (event) => {
    each("form[method=post]", mayBeSent);
    const main = document.getElementById("main");
    if (!event.persisted || !main || document.getElementById("old-page")) return;
    const again = element("a", { href: location.href }, "読み込み直す");
    main.prepend(element("div", { class: "message message-wait", role: "status", id: "old-page" },
      element("p", {}, "前に開いた画面です。そのあとの記録は表示していません。", again)));
  });

  /* What was typed and not sent is kept in this tab until it is recorded or the person signs out. */
  const stored = {
    read: (key) => { try { return sessionStorage.getItem(key); } catch { return null; } },
    write: (key, value) => { try { sessionStorage.setItem(key, value); } catch { /* full or forbidden: only not kept */ } },
    drop: (key) => { try { sessionStorage.removeItem(key); } catch { /* forbidden */ } },
    keys: () => { try { return Object.keys(sessionStorage).filter((key) => key.startsWith(PREFIX)); } catch { return []; } },
  };
  const keyOf = (form) => `${PREFIX}${account}:${new URL(form.action, location.href).pathname}`;
  const typed = (form) => [...form.elements].filter((one) => one.name
    && !["hidden", "password", "file", "submit", "button", "fieldset"].includes(one.type));
  const written = (form) => JSON.stringify(typed(form)
    .filter((one) => !["checkbox", "radio"].includes(one.type) || one.checked)
    .map((one) => [one.name, one.value]));
  const fill = (form, values) => typed(form).forEach((one) => {
    const own = values.filter(([name]) => name === one.name).map(([, value]) => value);
    if (["checkbox", "radio"].includes(one.type)) one.checked = own.includes(one.value);
    else if (own.length) one.value = own[0];
  });
  /* Rows that this page does not have are made by the server: a form that asks for a row records nothing. */
  const fillByServer = (form, values) => {
    const asked = element("form", { method: "post", action: form.action, hidden: "" });
    const hidden = [...form.elements].filter((one) => one.type === "hidden").map((one) => [one.name, one.value]);
    for (const [name, value] of [...hidden, ...values, ["more", "again"]]) {
      const input = element("input", { type: "hidden", name });
      input.value = value;
      asked.append(input);
    }
    document.body.append(asked);
    asked.submit();
  };
  const offerKept = (form, text) => {
    const values = JSON.parse(text);
    const names = new Set(typed(form).map((one) => one.name));
    const offer = element("div", { class: "message message-wait", role: "status" },
      element("p", {}, "前に入力して、まだ記録していない内容が、このタブに残っています。"));
    const choices = element("div", { class: "inline" },
      button("残っている内容を入れる", () => {
        if (form.elements.command_id && values.some(([name]) => !names.has(name))) fillByServer(form, values);
        else fill(form, values);
        offer.remove();
      }),
      button("残っている内容を消す", () => { stored.drop(keyOf(form)); offer.remove(); }));
    offer.append(choices);
    form.before(offer);
  };
  const keepForms = () => {
    if (!account) return;
    stored.keys().filter((key) => key !== SENT && !key.startsWith(`${PREFIX}${account}:`)).forEach(stored.drop);
    const sent = stored.read(SENT);
    const forms = [...document.querySelectorAll("form[data-keep]")];
    if (sent) {
      if (!forms.some((form) => keyOf(form) === sent)) stored.drop(sent);
      stored.drop(SENT);
    }
    for (const form of forms) {
      const before = stored.read(keyOf(form));
      if (before && keyOf(form) === sent) stored.write(sent, written(form));
      else if (before && before !== written(form)) offerKept(form, before);
      form.addEventListener("input", () => stored.write(keyOf(form), written(form)));
      form.addEventListener("submit", () => stored.write(SENT, keyOf(form)));
    }
    each("form[action$='/signout']", (form) =>
      form.addEventListener("submit", () => stored.keys().forEach(stored.drop)));
  };

  /* How the server understands a date, below its field. */
  const understand = (input) => {
    const place = element("p", { class: "hint understood", "aria-live": "polite" });
    const before = input.parentElement.querySelector("[data-understood]");
    if (before) before.replaceWith(place); else input.after(place);
    if (before) place.textContent = before.textContent;
    input.addEventListener("change", async () => {
      place.textContent = "";
      if (!input.value.trim()) return;
      const kind = "month" in input.dataset ? "month" : "date";
      const asked = new URLSearchParams({ kind, text: input.value });
      try {
        const answer = await fetch(`/reading.json?${asked}`, { redirect: "manual" });
        if (answer.ok) place.textContent = (await answer.json()).said;
      } catch { /* not reachable: the server says it when the form is sent */ }
    });
  };

  /* The reading of a name as it was typed into the input method: offered while nobody has written another. */
  const offerReading = (kana) => {
    const name = document.getElementById(kana.dataset.reads);
    if (!name) return;
    const katakana = (text) => text.replace(/[ぁ-ゖ]/g, (one) => String.fromCharCode(one.charCodeAt(0) + 0x60));
    let reading = "";
    let offered = kana.value;
    name.addEventListener("compositionstart", () => { reading = ""; });
    name.addEventListener("compositionupdate", (event) => {
      const heard = event.data.replace(/[a-zA-Zａ-ｚＡ-Ｚ]+$/, "");
      if (/^[ぁ-ゖァ-ヶー\s]+$/.test(heard)) reading = heard;
    });
    name.addEventListener("compositionend", (event) => {
      if (!event.data || !reading || kana.value !== offered) return;
      const gap = /[\s\u3000]$/.test(name.value.slice(0, -event.data.length)) && kana.value ? " " : "";
      kana.value = `${kana.value.trim()}${gap}${katakana(reading)}`;
      offered = kana.value;
      kana.dispatchEvent(new Event("input", { bubbles: true }));
    });
    name.addEventListener("input", () => {
      if (!name.value && kana.value === offered) { kana.value = ""; offered = ""; }
    });
  };

  /* What arrived since this page was opened: said, and shown when the person asks for it. */
  const listen = (place) => {
    let since = null;
    let ended = false;
    const here = place.dataset.case || "";
    const say = (...content) => { if (place.textContent !== content.map((one) => one.textContent || one).join("")) place.replaceChildren(...content); };
    const shown = () => (here || location.pathname === "/" ? location.pathname : "/#arrivals");
    const tell = (told) => {
      const text = told.here ? `このケースに新しく届きました（${told.here}件）` : `新しく届きました（${told.arrived}件）`;
      const link = element("a", { href: told.here || !here ? shown() : "/#arrivals", id: "show-arrivals" }, "表示する");
      say(`${text}— `, link);
    };
    const ask = async () => {
      if (ended || document.hidden) return;
      const asked = new URLSearchParams(since === null ? {} : { since: String(since), case: here });
      try {
        const answer = await fetch(`/arrivals.json?${asked}`, { redirect: "manual" });
        if (answer.type === "opaqueredirect") {
          ended = true;
          say("サインインの有効時間が切れました。入力中の内容は、そのまま送ると残り、サインインのあとに続けられます。");
          return;
        }
        if (!answer.ok) throw new Error(String(answer.status));
        const told = await answer.json();
        if (since === null) since = told.position;
        else if (told.arrived) tell(told);
        else say();
      } catch {
        if (since !== null) say("いま、サーバーにつながりません。入力した内容は、このタブに残っています。");
      }
    };
    ask();
    setInterval(ask, ASK_EVERY);
    document.addEventListener("visibilitychange", ask);
  };

  /* Single keys, which a person may turn off; never inside an input, with another key held, or during conversion. */
  const steps = () => [...document.querySelectorAll("main .step-do a, main tbody a, main .commands a")]
    .filter((link) => link.offsetParent !== null);
  const step = (by) => {
    const links = steps();
    const now = links.indexOf(document.activeElement);
    const next = links[now < 0 ? (by > 0 ? 0 : links.length - 1) : now + by];
    if (next) next.focus();
  };
  const search = () => {
    const input = document.getElementById("q");
    if (input) input.focus(); else location.assign("/cases");
  };
  const follow = (link) => { if (link) location.assign(link.href); };
  const KEYS = [
    ["t", "今日の仕事へ", () => location.assign("/")],
    ["c", "利用者・ケースの一覧へ", () => location.assign("/cases")],
    ["e", "送受信へ", () => location.assign("/exchange")],
    ["/", "利用者をさがす", search],
    ["j", "表や一覧の次のリンクへ（Enter で開く）", () => step(1)],
    ["k", "表や一覧の前のリンクへ", () => step(-1)],
    ["n", "新しく届いたものを表示する", () => follow(document.getElementById("show-arrivals"))],
    ["1～9", "メニューの左から1～9番目へ", null],
    ["?", "この説明を開く", () => openHelp()],
  ];
  const off = () => { try { return localStorage.getItem(NO_KEYS) === "1"; } catch { return false; } };
  const turn = (on) => { try { if (on) localStorage.removeItem(NO_KEYS); else localStorage.setItem(NO_KEYS, "1"); } catch { /* forbidden: stays on */ } };
  let help = null;
  const openHelp = () => {
    if (!help) {
      const rows = KEYS.map(([key, text]) => element("div", {}, element("dt", {}, element("kbd", {}, key)), element("dd", {}, text)));
      const choice = element("input", { type: "checkbox", id: "use-keys" });
      choice.checked = !off();
      choice.addEventListener("change", () => turn(choice.checked));
      help = element("dialog", { class: "keys", "aria-labelledby": "keys-title" },
        element("h2", { id: "keys-title" }, "キーでの操作"),
        element("dl", {}, ...rows),
        element("label", { class: "choice", for: "use-keys" }, choice, "これらのキーを使う"),
        button("閉じる", () => help.close()));
      document.body.append(help);
    }
    if (help.showModal && !help.open) help.showModal();
  };
  const useKeys = () => {
    const place = document.querySelector("footer");
    if (!account || !place || !window.HTMLDialogElement) return;
    const opener = element("button", { type: "button", class: "button-plain" }, "キーでの操作");
    opener.addEventListener("click", openHelp);
    place.append(" ", opener);
    document.addEventListener("keydown", (event) => {
      const inside = event.target.closest("input, textarea, select, dialog, [contenteditable]");
      if (off() || inside || composing(event) || event.ctrlKey || event.altKey || event.metaKey) return;
      const found = KEYS.find(([key, , work]) => work && key === event.key);
      const entry = /^[1-9]$/.test(event.key) && document.querySelectorAll(".menu a")[Number(event.key) - 1];
      if (!found && !entry) return;
      event.preventDefault();
      if (found) found[2](); else follow(entry);
    });
  };

  /* A list of days as a slider: it says the day while it is moved, and goes there when it is let go. */
  const slide = (list, number) => {
    const links = [...list.querySelectorAll("a")];
    if (links.length < 2) return;
    const now = links.findIndex((link) => link.hasAttribute("data-at"));
    const id = `slider-${number}`;
    const range = element("input", { type: "range", id, min: "0", max: String(links.length - 1), step: "1" });
    range.value = String(now < 0 ? links.length - 1 : now);
    const said = element("output", { for: id });
    const say = () => {
      said.textContent = links[Number(range.value)].textContent;
      range.setAttribute("aria-valuetext", said.textContent);
    };
    const go = () => location.assign(links[Number(range.value)].href);
    let held = false;
    range.addEventListener("input", say);
    range.addEventListener("pointerdown", () => { held = true; });
    range.addEventListener("pointerup", () => { if (held) setTimeout(go, 0); held = false; });
    range.addEventListener("keydown", (event) => { if (event.key === "Enter") { event.preventDefault(); go(); } });
    say();
    list.closest("nav").append(element("div", { class: "slider" },
      element("label", { for: id }, `${list.dataset.slider}のつまみ`), range, said, button("この日を表示", go)));
  };

  keepForms();
  useKeys();
  each("[data-date], [data-month]", understand);
  each("[data-reads]", offerReading);
  each("[data-slider]", slide);
  each("#live", listen);
})();
