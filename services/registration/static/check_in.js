// The door on a bad connection. What is tapped counts on this page at once, stands in the browser's storage until the
// server has heard it, and is sent again and again until then; the server takes twice for once. Only ids are stored.
// Besides: the list is searched without the server, and a badge is read by the camera where the browser can.
"use strict";

const PAUSE = 5000;
const LOOK = 250;

const door = document.querySelector("#door");
const find = document.querySelector("#find");
const connection = document.querySelector("#connection");
const cards = [...document.querySelectorAll("#door [data-id]")];

if (door) keepTaps();
stayHere();
searchHere();
readBadges();

function keepTaps() {
  const place = `kring-door-${door.dataset.meeting}`;
  const taps = new Map(Object.entries(stored(place)));
  const refused = new Set();
  let sending = false;

  for (const card of cards) if (taps.has(card.dataset.id)) show(card, taps.get(card.dataset.id));
  door.addEventListener("submit", (event) => {
    event.preventDefault();
    const card = event.submitter.closest("[data-id]");
    taps.set(card.dataset.id, event.submitter.value);
    store(place, taps);
    show(card, event.submitter.value);
    card.focus();
    send();
  });
  addEventListener("online", send);
  setInterval(send, PAUSE);
  send();

  async function send() {
    if (sending || taps.size === 0) return;
    sending = true;
    try {
      connection.textContent = await sendAll();
    } catch {
      connection.textContent = connection.dataset.waits;
    } finally {
      sending = false;
    }
  }

  // What to say when all was sent, or the server did not take it. Raises an error where there is no connection.
  async function sendAll() {
    for (const [id, attended] of [...taps]) {
      const answer = await post(id, attended);
      if (answer.redirected || answer.status === 400) return connection.dataset.signIn;
      if (answer.status >= 500 || answer.status === 429) return connection.dataset.waits;
      heard(id, attended, answer.ok);
    }
    return refused.size ? `${connection.dataset.refused} ${[...refused].join(", ")}` : "";
  }

  function post(id, attended) {
    const body = new URLSearchParams({ csrf_token: door.elements.csrf_token.value, attended });
    return fetch(`${door.getAttribute("action")}/${id}`, {
      method: "POST",
      headers: { Accept: "application/json" },
      body,
    });
  }

  function heard(id, attended, taken) {
    if (taps.get(id) !== attended) return; // tapped again meanwhile: that one is still to be sent
    taps.delete(id);
    store(place, taps);
    const card = cards.find((one) => one.dataset.id === id);
    if (!card) return;
    if (!taken) {
      show(card, attended === "true" ? "false" : "true");
      refused.add(part(card, "h3").textContent);
    }
    part(card, "[data-says=unsent]").hidden = true;
  }
}

function show(card, attended) {
  const came = attended === "true";
  const counted = document.querySelector("#present");
  const before = !part(card, "[data-says=came]").hidden;
  if (counted) counted.textContent = Number(counted.textContent) + Number(came) - Number(before);
  part(card, "[data-says=came]").hidden = !came;
  part(card, "[data-says=missed]").hidden = true;
  part(card, "[value=true]").hidden = came;
  part(card, "[value=false]").hidden = !came;
  part(card, "[data-says=unsent]").hidden = false;
}

// Without a connection another page would be an empty one, and what was typed here would be gone.
function stayHere() {
  document.addEventListener("submit", (event) => {
    if (navigator.onLine || event.defaultPrevented) return;
    event.preventDefault();
    connection.textContent = connection.dataset.waits;
  });
}

function searchHere() {
  find.elements.q.addEventListener("input", () => {
    const wanted = folded(find.elements.q.value.trim());
    for (const card of cards) card.hidden = !card.dataset.text.includes(wanted);
    const nobody = document.querySelector("#nobody");
    if (nobody) nobody.textContent = cards.every((card) => card.hidden) ? nobody.dataset.says : "";
  });
  find.addEventListener("submit", (event) => {
    if (find.elements.code.value && goTo(find.elements.code.value)) event.preventDefault();
  });
}

function readBadges() {
  const camera = document.querySelector("#camera");
  const can = "BarcodeDetector" in window && navigator.mediaDevices;
  (can ? camera : document.querySelector("#no-camera")).hidden = false;
  if (can) camera.querySelector("button").addEventListener("click", () => scan(camera));
}

async function scan(camera) {
  const detector = new BarcodeDetector({ formats: ["qr_code"] });
  const film = document.createElement("video");
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } }).catch(() => null);
  if (!stream) {
    document.querySelector("#no-camera").hidden = false;
    return;
  }
  film.srcObject = stream;
  film.playsInline = true;
  camera.replaceChildren(film);
  await film.play();
  const looking = setInterval(async () => {
    const codes = await detector.detect(film);
    const code = codes.map((seen) => codeIn(seen.rawValue)).find(Boolean);
    if (!code) return;
    clearInterval(looking);
    for (const track of stream.getTracks()) track.stop();
    film.remove();
    if (!goTo(code)) location.assign(`${find.getAttribute("action")}?code=${code}`);
  }, LOOK);
}

// The code in the address on a badge, if it is one.
function codeIn(text) {
  return /[?&]code=([0-9A-Z]{8})$/.exec(text)?.[1];
}

// Whether the person with this code stands on this page; if so, that is where we are now.
function goTo(code) {
  const wanted = code.toUpperCase().replace(/[ -]/g, "").replace(/[IL]/g, "1").replace(/O/g, "0");
  const card = cards.find((one) => one.dataset.code === wanted);
  if (!card) return false;
  card.hidden = false;
  card.scrollIntoView({ block: "center" });
  card.focus();
  return true;
}

function folded(text) {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}

function part(card, what) {
  return card.querySelector(what);
}

function stored(place) {
  try {
    return JSON.parse(localStorage.getItem(place)) ?? {};
  } catch {
    return {}; // a browser that keeps nothing still works while the page is open
  }
}

function store(place, taps) {
  try {
    if (taps.size) localStorage.setItem(place, JSON.stringify(Object.fromEntries(taps)));
    else localStorage.removeItem(place);
  } catch {
    // as above
  }
}
