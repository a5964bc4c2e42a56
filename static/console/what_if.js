// Both sides of a supposition while it is picked: sliders beside numbers, an answer shortly after each change, stale
// ones cancelled. Without script the form's button asks the same.
(() => {
  const AFTER = 250; // ms of rest before a question goes out
  const PATIENCE = 300; // ms after which waiting is shown
  const form = document.getElementById("pickers");
  const answer = document.getElementById("answer");
  const working = document.getElementById("working");
  const announcement = document.getElementById("announcement");
  const keep = document.getElementById("keep");
  const text = document.getElementById("text");
  if (!form || !answer) return;
  const WORKING = working.textContent;
  const NO_ANSWER = "No answer came; what stands below is the one before. Change something to ask again.";
  let resting = 0;
  let asking = null;

  for (const number of form.querySelectorAll("input[data-slider]")) {
    const slider = document.createElement("input");
    slider.type = "range";
    slider.min = "0";
    slider.max = number.dataset.slider;
    slider.step = number.step;
    slider.value = number.value || "0";
    slider.setAttribute("aria-label", `${form.querySelector(`label[for="${number.id}"]`).textContent}, slider`);
    slider.addEventListener("input", () => {
      number.value = Number(slider.value) ? slider.value : number.min === "0" ? "0" : "";
      soon();
    });
    number.addEventListener("input", () => { slider.value = number.value || "0"; });
    number.after(slider);
  }

  function question() {
    const said = new URLSearchParams();
    for (const [name, value] of new FormData(form)) {
      if (value) said.append(name, value);
    }
    if (!said.has("listed")) said.delete("effect");
    return said;
  }

  function soon() {
    clearTimeout(resting);
    asking?.abort();
    // Until it is answered what is shown is that of other picks, and is not for keeping.
    answer.setAttribute("aria-busy", "true");
    if (keep) keep.hidden = true;
    resting = setTimeout(ask, AFTER);
  }

  async function ask() {
    const said = question();
    const mine = (asking = new AbortController());
    const patience = setTimeout(() => {
      tell(WORKING);
    }, PATIENCE);
    try {
      // A picker is named even where nothing is picked, so that the server knows that the pickers ask.
      const got = await fetch(`${form.dataset.live}?${said}${said.has("rate") ? "" : "&rate="}&part=answer`, { signal: mine.signal });
      if (got.redirected) return location.assign(form.dataset.live); // signed out
      if (!got.ok) throw new Error(String(got.status));
      show(await got.text(), said);
    } catch (fault) {
      if (fault.name !== "AbortError") tell(NO_ANSWER);
    } finally {
      clearTimeout(patience);
    }
  }

  function tell(sentence) {
    working.textContent = announcement.textContent = sentence;
    working.hidden = false;
  }

  function show(page, said) {
    const part = new DOMParser().parseFromString(`<body>${page}</body>`, "text/html").body;
    answer.replaceChildren(...part.childNodes);
    answer.setAttribute("aria-busy", "false");
    working.hidden = true;
    const written = answer.querySelector("template[data-text]")?.content.textContent ?? "";
    if (document.activeElement !== text) text.value = written;
    if (keep) {
      keep.elements.text.value = written;
      keep.hidden = !written;
    }
    history.replaceState(null, "", `?${said}`);
    announcement.textContent = answer.querySelector("[data-told]")?.dataset.told ?? answer.querySelector("#complaints")?.textContent.trim() ?? "";
  }

  form.addEventListener("input", (event) => { if (event.target.name) soon(); });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    soon();
  });
})();
