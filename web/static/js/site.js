// Small comforts; every page works without them.
(() => {
  "use strict";

  // Text boxes with a limit show how much is typed.
  const counted = (box) => {
    const line = document.createElement("span");
    line.className = "count";
    line.setAttribute("aria-hidden", "true");
    const show = () => { line.textContent = [...box.value].length + " / " + box.maxLength; };
    box.after(line);
    box.addEventListener("input", show);
    show();
  };

  // j and k move through a queue, Enter opens what has the focus.
  const keys = (list) => {
    document.addEventListener("keydown", (e) => {
      if (e.altKey || e.ctrlKey || e.metaKey || e.target.closest("input, textarea, select")) return;
      if (e.key !== "j" && e.key !== "k") return;
      const links = [...list.querySelectorAll(".queue-row > a")];
      const at = links.indexOf(document.activeElement);
      const next = links[Math.max(0, Math.min(links.length - 1, at + (e.key === "j" ? 1 : -1)))];
      if (next) next.focus();
    });
  };

  // A form is sent once, however often its button is pressed.
  const once = (form) => {
    form.addEventListener("submit", (e) => {
      if (form.dataset.sent) { e.preventDefault(); return; }
      form.dataset.sent = "1";
      setTimeout(() => { delete form.dataset.sent; }, 5000);
    });
  };

  const start = (root) => {
    root.querySelectorAll("textarea[data-count]").forEach(counted);
    root.querySelectorAll("[data-keys]").forEach(keys);
    root.querySelectorAll("form[method=post]").forEach(once);
  };
  start(document);
  document.addEventListener("htmx:load", (e) => { if (e.target !== document.body) start(e.target); });
  // A page that comes back from the browser's memory can send its forms again.
  addEventListener("pageshow", () => document.querySelectorAll("form").forEach((f) => { delete f.dataset.sent; }));
})();
