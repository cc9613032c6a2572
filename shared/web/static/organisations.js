// Where someone works. While an organisation is typed, its name is suggested from the official list. While an address is
// typed, the form says which organisation's people write from there, or asks: only the domain leaves the page.
"use strict";

const PAUSE = 200;
const MOST = 8;

const field = document.querySelector("#organisation");
const names = document.querySelector("#organisations");
const said = document.querySelector("#workplace");
const email = document.querySelector("#email");

if (field && names && names.options.length === 0) suggest();
if (said && email) tell();

function suggest() {
  let waiting;
  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(async () => {
      const query = new URLSearchParams({ q: field.value.trim(), limit: MOST });
      const found = field.value.trim() ? await asked(`/v1/organisations?${query}`) : [];
      if (found) names.replaceChildren(...found.map((each) => new Option(each.name, each.name)));
    }, PAUSE);
  });
}

function tell() {
  const folded = field.closest("details");
  const guess = folded.querySelector("[name=guess]");
  said.hidden = false; // an empty line until it speaks, so that it is heard when it does
  email.addEventListener("change", async () => {
    const domain = email.value.trim().split("@").at(-1);
    if (!email.value.includes("@") || !domain.includes(".")) return;
    const found = await asked(`${said.dataset.from}?${new URLSearchParams({ domain })}`);
    if (!found || email.value.trim().split("@").at(-1) !== domain) return; // another address was typed meanwhile
    said.textContent = found.organisation ? said.dataset.known.replace("{}", found.organisation) : said.dataset.unknown;
    guess.value = found.organisation ? "true" : "";
    if (folded.contains(document.activeElement)) return; // who stands there opens and closes it
    folded.open = !found.organisation || field.value !== "";
  });
}

// What the server answers; nothing where it cannot be reached: the form works without.
async function asked(address) {
  try {
    const answer = await fetch(address, { headers: { Accept: "application/json" } });
    return answer.ok ? await answer.json() : null;
  } catch {
    return null;
  }
}
