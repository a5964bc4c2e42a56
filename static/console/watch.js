// Keeps a page that waits for work up to date: asks for it again every two seconds until nothing on it waits.
(() => {
  const PAUSE = 2000;
  const main = document.getElementById("main");
  const announcement = document.getElementById("announcement");
  const isWaiting = () => main.querySelector("[data-waiting]") !== null;

  async function askAgain() {
    try {
      const answer = await fetch(location.href);
      if (answer.ok && !answer.redirected) show(await answer.text());
    } catch {
      // The server may be starting again; the next round asks once more.
    }
    if (isWaiting()) setTimeout(askAgain, PAUSE);
    else announcement.textContent = "Done. " + (main.querySelector("[data-outcome]")?.textContent ?? "");
  }

  function show(text) {
    const page = new DOMParser().parseFromString(text, "text/html");
    document.title = page.title;
    main.replaceChildren(...page.getElementById("main").childNodes);
  }

  if (isWaiting()) setTimeout(askAgain, PAUSE);
})();
