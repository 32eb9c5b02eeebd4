// Passkeys: asks the browser's device and sends what it answers with the form. Nothing else here needs JavaScript.

const knows = window.PublicKeyCredential && PublicKeyCredential.parseCreationOptionsFromJSON;
const REASONS = {
  NotAllowedError: "No passkey was used: it was cancelled, or took too long. Nothing was changed.",
  InvalidStateError: "This device has a passkey for your account already.",
  SecurityError: "This address is not the one that passkeys here are for.",
};

function say(text) {
  for (const line of document.querySelectorAll("[data-passkeys]")) line.textContent = text;
}

async function ask(form) {
  const body = new URLSearchParams({ token: form.elements.token.value });
  const answer = await fetch(form.dataset.ask, { method: "POST", body, redirect: "manual" });
  // What is refused is sent as any form is, and its page says why.
  if (!answer.ok) return "";
  const options = await answer.json();
  const device = form.dataset.does === "create"
    ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) })
    : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });
  return JSON.stringify(device);
}

async function use(form) {
  const button = form.querySelector("button");
  button.disabled = true;
  say("Your device asks you now.");
  try {
    form.elements.answer.value = await ask(form);
    form.submit();
  } catch (error) {
    say(REASONS[error.name] || "That did not work here. Nothing was changed; try again, or another browser.");
  } finally {
    button.disabled = false;
  }
}

for (const form of document.querySelectorAll("form.passkey")) {
  form.hidden = !knows;
  form.addEventListener("submit", event => {
    event.preventDefault();
    use(form);
  });
}
say(knows ? "" : "This browser does not know passkeys, or not yet in the way that is needed here.");
