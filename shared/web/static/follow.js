// Work that takes its time is followed on its page: what stands in #followed is asked for again until it is finished.
// Nobody has to stay: the work goes on, and the page can be opened again.
"use strict";

const PAUSE = 3000;

setTimeout(follow, PAUSE);

async function follow() {
  const part = document.querySelector("#followed[data-follow]");
  if (!part) return;
  if (!document.hidden && !part.contains(document.activeElement)) await look(part);
  setTimeout(follow, PAUSE);
}

async function look(part) {
  try {
    const answer = await fetch(location.href);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const newer = page.querySelector("#followed");
    if (!answer.ok) return;
    if (newer) part.replaceWith(document.adoptNode(newer));
    else location.reload(); // it is finished, and the page says something else now
  } catch {
    // no connection: the next time
  }
}
