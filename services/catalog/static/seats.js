// Seats left, kept up to date while the page is looked at. The server says it in words, and seldom that nothing changed.
"use strict";

const PAUSE = 60_000;
const lines = new Map([...document.querySelectorAll("[data-seats]")].map((line) => [line.dataset.seats, line]));
const asked = new URLSearchParams([...lines.keys()].map((id) => ["meeting", id]));
for (const role of new URLSearchParams(location.search).getAll("targetGroup")) if (role) asked.append("targetGroup", role);

if (lines.size) {
  for (const line of lines.values()) line.setAttribute("aria-live", "polite");
  setInterval(() => document.visibilityState === "visible" && look(), PAUSE);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && look());
}

async function look() {
  try {
    const answer = await fetch(`/seats?${asked}`);
    if (!answer.ok) return;
    for (const [id, text] of Object.entries(await answer.json())) {
      if (lines.get(id).textContent !== text) lines.get(id).textContent = text;
    }
  } catch {
    // without a connection the page says what it said
  }
}
