// Passkeys: the question comes from the server, the answer of the authenticator goes back with the form.
// Where the browser knows no passkeys the forms stay hidden, as they are without script.
const knows = window.isSecureContext && window.PublicKeyCredential?.parseRequestOptionsFromJSON;
const REFUSED = "Nothing was shown. Try again, or sign in another way.";

for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (!knows) break;
  form.hidden = false;
  const complaint = form.querySelector("[role=alert]");
  form.addEventListener("submit", async (event) => {
    if (form.elements.answer.value) return;
    event.preventDefault();
    complaint.hidden = true;
    try {
      form.elements.answer.value = JSON.stringify(await shown(form));
      form.submit();
    } catch {
      complaint.textContent = REFUSED;
      complaint.hidden = false;
    }
  });
}
if (knows) for (const each of document.querySelectorAll("[data-without-passkeys]")) each.hidden = true;

async function shown(form) {
  const token = form.elements.csrfmiddlewaretoken.value;
  const asked = await fetch(form.dataset.passkey, { method: "POST", headers: { "X-CSRFToken": token } });
  if (!asked.ok || asked.redirected) throw new Error(asked.status);
  const question = await asked.json();
  const credential = form.dataset.does === "create"
    ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(question) })
    : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(question) });
  return credential.toJSON();
}
