// Keys for reviewing hits: j and k move, c, d and e decide, r goes to the reason. They can be switched off, are dead
// while one writes, and nothing needs them.
(() => {
  const KEPT = "review-keys";
  const told = document.getElementById("shortcuts");
  const isOn = document.getElementById("shortcuts-on");
  const announcement = document.getElementById("announcement");
  const hits = [...document.querySelectorAll("[data-hit]")];
  const form = document.querySelector("[data-decide]");

  if (told && isOn) {
    told.hidden = false;
    isOn.checked = localStorage.getItem(KEPT) !== "off";
    isOn.addEventListener("change", () => localStorage.setItem(KEPT, isOn.checked ? "on" : "off"));
  }

  function move(step) {
    if (hits.length) {
      const at = hits.indexOf(document.activeElement);
      hits[Math.min(Math.max(at + step, 0), hits.length - 1)].focus();
    } else {
      document.querySelector(step > 0 ? "a[rel=next]" : "a[rel=prev]")?.click();
    }
  }

  function decide(button) {
    const reason = form.querySelector("textarea");
    if (reason.value.trim()) return form.requestSubmit(button);
    reason.focus();
    announcement.textContent = "Say why first.";
  }

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || document.querySelector("dialog[open]")) return;
    const writes = event.target.closest("input:not([type=checkbox]), textarea, select");
    if (!isOn?.checked || writes || event.ctrlKey || event.metaKey || event.altKey) return;
    const button = form?.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (event.key === "j") move(1);
    else if (event.key === "k") move(-1);
    else if (event.key === "r" && form) form.querySelector("textarea").focus();
    else if (button) decide(button);
    else return;
    event.preventDefault();
  });
})();
