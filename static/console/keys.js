// Keys on every page: / to the search, ? to the list of keys, j and k through the rows of lists, Enter opens. They can
// be switched off, are dead while one writes or holds Ctrl, Alt or Meta, and nothing needs them.
(() => {
  const KEPT = "review-keys"; // the same switch as for the keys of the review queue (review.js)
  const help = document.getElementById("keys");
  if (!help?.showModal) return;
  const isOn = help.querySelector("[data-keys-on]");
  const opener = document.querySelector("[data-keys]");
  const onThePage = document.getElementById("shortcuts-on");
  const announcement = document.getElementById("announcement");
  let cameFrom = null;

  isOn.checked = localStorage.getItem(KEPT) !== "off";
  isOn.addEventListener("change", () => {
    localStorage.setItem(KEPT, isOn.checked ? "on" : "off");
    if (onThePage) onThePage.checked = isOn.checked;
  });
  onThePage?.addEventListener("change", () => { isOn.checked = onThePage.checked; });

  const rows = () =>
    [...document.querySelectorAll("main .list tbody tr")]
      .map((row) => row.querySelector("th a[href]") ?? row.querySelector("a[href]"))
      .filter(Boolean);

  function move(step) {
    const links = rows();
    if (!links.length) return;
    const here = document.activeElement?.closest?.("tr");
    const at = links.findIndex((link) => here?.contains(link));
    const next = at < 0 ? (step > 0 ? 0 : links.length - 1) : at + step;
    if (links[next]) links[next].focus();
    else announcement.textContent = next < 0 ? "This is the first row." : "This is the last row.";
  }

  function search() {
    const field = document.querySelector("main input[type=search]");
    if (field) {
      field.focus();
      field.select();
    } else if (help.dataset.search) location.assign(`${help.dataset.search}#search`);
  }

  function openHelp() {
    if (help.open) return;
    cameFrom = document.activeElement;
    help.showModal();
  }

  // The menu that the opener stands in closes with it, so focus goes back to the menu's own button.
  const backTo = () => (cameFrom?.closest("details:not([open])")?.querySelector("summary") ?? cameFrom);
  help.addEventListener("close", () => backTo()?.focus());
  if (opener) {
    opener.closest("[hidden]")?.removeAttribute("hidden");
    opener.addEventListener("click", () => {
      openHelp();
      opener.closest("details")?.removeAttribute("open");
    });
  }

  const deeds = { "/": search, "?": openHelp, j: () => move(1), k: () => move(-1) };
  document.addEventListener("keydown", (event) => {
    const writes = event.target.closest?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");
    if (!isOn.checked || event.defaultPrevented || writes || help.open) return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const ofTheQueue = onThePage && (event.key === "j" || event.key === "k");
    if (ofTheQueue || !Object.hasOwn(deeds, event.key)) return;
    event.preventDefault();
    deeds[event.key]();
  });

  if (location.hash === "#search") search();
})();
