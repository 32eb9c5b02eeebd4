// Upvotes without leaving the page. Without this file the buttons send their forms all the same.
"use strict";

function show(form, state) {
  const waits = form.querySelector(".waits");
  const more = document.createElement("span");
  form.action = form.dataset.cast + (state.mine ? "/undo" : "");
  form.querySelector("button").setAttribute("aria-pressed", String(state.mine));
  form.querySelector(".count").textContent = state.upvotes;
  waits.textContent = state.waits ? "waits" : "";
  waits.title = state.waits;
  more.className = "unseen";
  more.textContent = state.waits ? ": " + state.waits : "";
  waits.append(more);
}

async function send(form) {
  const body = new URLSearchParams(new FormData(form));
  const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(String(answer.status));
  show(form, await answer.json());
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("form.upvote")) return;
  event.preventDefault();
  if (form.dataset.busy) return;
  form.dataset.busy = "yes";
  // What did not work this way is sent as any form is, and says why.
  send(form)
    .catch(() => HTMLFormElement.prototype.submit.call(form))
    .finally(() => delete form.dataset.busy);
});
