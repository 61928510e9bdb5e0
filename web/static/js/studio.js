// Saves a draft as it is typed and shows the model's advice beside it. Only one
// save is under way at a time, and the form waits for it, so that a tab never
// takes its own save for that of another one.
(() => {
  "use strict";
  const form = document.querySelector("form[data-autosave]");
  if (!form) return;
  const pause = 700, again = 5000; // milliseconds
  let timer = 0, busy = null, typed = false, stopped = false, leaving = false;

  const say = (id, part) => { document.getElementById(id).replaceChildren(...part.childNodes); };

  const schedule = (wait) => {
    clearTimeout(timer);
    if (!stopped && !leaving) timer = setTimeout(save, wait);
  };

  const send = async () => {
    typed = false;
    const values = new FormData(form);
    values.delete("picture");
    let wait = pause;
    try {
      const answer = await fetch(form.dataset.autosave, { method: "POST", body: new URLSearchParams(values) });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("typed");
      if (!page) throw new Error("not saved: " + answer.status);
      if (page.dataset.edit) form.elements.edit.value = page.dataset.edit;
      stopped = answer.status === 409; // another tab was first; the Save button leads to both texts
      say("saved", page.querySelector(".typed-saved"));
      say("advice", page.querySelector(".typed-advice"));
    } catch {
      document.getElementById("saved").textContent = form.dataset.unsaved;
      typed = true;
      wait = again;
    }
    return wait;
  };

  const save = () => {
    if (busy) return;
    busy = send().then((wait) => {
      busy = null;
      if (typed) schedule(wait);
    });
  };

  form.addEventListener("input", () => {
    typed = true;
    schedule(pause);
  });

  document.addEventListener("submit", (e) => {
    if (e.target !== form) return;
    clearTimeout(timer);
    leaving = true;
    if (!busy) return;
    e.preventDefault();
    e.stopImmediatePropagation();
    busy.then(() => form.requestSubmit(e.submitter));
  }, true);

  addEventListener("beforeunload", (e) => { if (typed && !leaving) e.preventDefault(); });
  addEventListener("pageshow", () => { leaving = false; });
})();
