// The seat plan says at once what it would do: while one types, the page is asked again as its button would ask it, and
// of the answer only what it says is shown. Without a connection, or signed out, the button still works.
"use strict";

const PAUSE = 400;

const form = document.querySelector("#plan");
let pause = 0;
let asked = new AbortController();

form.addEventListener("input", () => {
  clearTimeout(pause);
  pause = setTimeout(ask, PAUSE);
});

async function ask() {
  asked.abort();
  asked = new AbortController();
  const address = `${form.getAttribute("action")}?${new URLSearchParams(new FormData(form))}`;
  try {
    const answer = await fetch(address, { signal: asked.signal });
    show(new DOMParser().parseFromString(await answer.text(), "text/html"));
    history.replaceState(null, "", address);
  } catch {
    // overtaken by what was typed next, or no connection
  }
}

// The sentence is read out, so it is put in place only where it changed; all that is behind it is not.
function show(page) {
  const [gist, outcome] = ["#gist", "#outcome"].map((name) => page.querySelector(name));
  if (!gist || !outcome) return;
  const said = document.querySelector("#gist");
  if (said.textContent !== gist.textContent) said.textContent = gist.textContent;
  document.querySelector("#outcome").replaceChildren(...outcome.childNodes);
}
