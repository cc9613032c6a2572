// Another part of the site hears a moment later who has signed in, and sends back here until then.
"use strict";

const PAUSE = 1000;

setTimeout(() => location.replace(document.getElementById("onwards").href), PAUSE);
