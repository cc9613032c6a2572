/* What a page is asked in the browser. Each answers a list of what is wrong: empty is good. */

"use strict";

const INTERACTIVE = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']";
const TYPED = "input:not([type=hidden], [type=submit], [type=checkbox], [type=radio]), select, textarea";

const COLOURS = ["color-contrast", "link-in-text-block"];

window.checks = (() => {
    const brief = element => element.outerHTML.slice(0, 90);
    const stops = [];
    let fresh = [];

    /** Which rules of WCAG 2.0 to 2.2 (A and AA) and of best practice are broken; but for the colours. */
    async function axe() {
        const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
        const rules = Object.fromEntries(COLOURS.map(rule => [rule, {enabled: false}]));
        return broken(await window.axe.run(document, {runOnly: tags, rules, resultTypes: ["violations"]}));
    }

    /**
     * Choose the texts that look like none that this tab showed before, and give how many there are. How something
     * looks follows from its element and classes and from those around it: the same on every page. To find the
     * contrast of everything takes as long as all the other checks.
     */
    function beginWithNewLooks() {
        const known = new Set(window.name.split(" "));
        fresh = [...document.querySelectorAll("body *")].filter(each => {
            const look = hash(lookOf(each)), isNew = hasText(each) && !known.has(look) && each.checkVisibility();
            isNew && known.add(look);
            return isNew;
        });
        window.name = [...known].join(" ");
        return fresh.length;
    }

    /** Where those texts can't be told from their ground. */
    async function colours() {
        return broken(await window.axe.run({include: fresh}, {runOnly: COLOURS, resultTypes: ["violations"]}));
    }

    function broken(found) {
        return found.violations.map(each => `${each.id}: ${each.nodes.map(node => node.failureSummary).join(", ")}`);
    }

    function hasText(element) {
        return [...element.childNodes].some(node => node.nodeType === Node.TEXT_NODE && node.data.trim());
    }

    function lookOf(element) {
        const states = ["aria-current", "aria-invalid", "disabled", "open", "type"].map(name => element.getAttribute(name));
        const own = [element.localName, element.className, ...states].join(".");
        return element === document.body ? own : `${lookOf(element.parentElement)} ${own}`;
    }

    /** As short as one can be told from another. */
    function hash(text) {
        let number = 0;
        for (let at = 0; at < text.length; at += 1) {
            number = (Math.imul(number, 31) + text.charCodeAt(at)) | 0;
        }
        return (number >>> 0).toString(36);
    }

    /** What is wider than the window, or cut off; `text` is the size of letters, as of the browser's settings. */
    function misfits(text) {
        document.documentElement.style.fontSize = text;
        const width = document.documentElement.scrollWidth;
        const over = element => element.getBoundingClientRect().right > innerWidth + 1 && !element.closest(".scroll");
        const wide = width > innerWidth ? [...document.querySelectorAll("body *")].filter(over).map(brief) : [];
        const cut = [...document.querySelectorAll("button, a.utrecht-button-link, h1, label, caption")].filter(
            each => each.scrollWidth > each.clientWidth + 1 && getComputedStyle(each).overflowX !== "visible",
        );
        document.documentElement.style.fontSize = "";
        return [...(wide.length ? [`${width} pixels wide`, ...wide] : []), ...cut.map(brief)];
    }

    /** Remember each stop of the Tab key from here on, and say how often it must be pressed to see them all. */
    function beginAtTheTop() {
        stops.length = 0;
        document.activeElement.blur();
        document.addEventListener("focusin", event => {
            const element = event.target, style = getComputedStyle(element), box = element.getBoundingClientRect();
            const isShown = box.width > 0 && box.bottom > 0 && box.top < innerHeight;
            stops.push({element, isShown, isMarked: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2});
        });
        const parts = {"date": 4, "time": 4, "datetime-local": 7, "month": 3, "number": 1};
        return reachable().reduce((sum, each) => sum + (parts[each.type] || 1), 1);
    }

    /** After that: what was not reached, or where one does not see where one is. */
    function faultsOfKeyboard() {
        const reached = new Set(stops.map(stop => stop.element)), groups = new Set();
        reached.forEach(each => each.type === "radio" && groups.add(`${each.form?.action} ${each.name}`));
        const missed = reachable().filter(
            each => !reached.has(each) && !(each.type === "radio" && groups.has(`${each.form?.action} ${each.name}`)),
        );
        const first = stops[0]?.element;
        const skips = first?.matches("a[href='#main']") && document.querySelector("main#main[tabindex='-1']");
        const ahead = document.querySelectorAll("[tabindex]:not([tabindex='0'], [tabindex='-1'])");
        return [
            ...(skips ? [] : [`the first stop skips nothing: ${first && brief(first)}`]),
            ...[...ahead].map(each => `out of order: ${brief(each)}`),
            ...missed.map(each => `not reached: ${brief(each)}`),
            ...stops.filter(stop => !stop.isShown).map(stop => `out of sight: ${brief(stop.element)}`),
            ...stops.filter(stop => !stop.isMarked).map(stop => `not marked: ${brief(stop.element)}`),
        ];
    }

    function reachable() {
        return [...document.querySelectorAll(INTERACTIVE)].filter(each => each.checkVisibility() && !each.disabled);
    }

    /**
     * What belongs together with the answer: its language and title, what it loaded, its forms with something to type.
     * `foreign` are texts that are there in the other language only.
     */
    function facts(foreign) {
        return {
            language: document.documentElement.lang,
            title: document.title,
            headings: document.querySelectorAll("h1").length,
            loaded: [...new Set(performance.getEntriesByType("resource").map(each => each.name))],
            strange: unmarked(foreign),
            forms: forms().map(form => ({
                action: form.action,
                names: [...form.querySelectorAll(TYPED)].map(field => field.name),
            })),
        };
    }

    /**
     * Texts that are in the other language, without saying so: `foreign` ones, and those with two of its small words
     * and none of this one's.
     * What somebody typed in who knows which language says that nobody knows (lang=""); in a field it is the reader's.
     */
    function unmarked(foreign) {
        const words = {
            nl: /\b(de|het|een|voor|niet|naar|wordt|zijn|uw|met|ook|aan|bij)\b/g,
            en: /\b(the|and|with|your|this|are|for|to|from|by|you|not|what)\b/g,
        };
        const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), found = [];
        for (let node = walker.nextNode(); node; node = walker.nextNode()) {
            if (node.parentElement.closest("pre, code, script, style, textarea")) {
                continue;
            }
            const here = node.parentElement.closest("[lang]").lang, other = here === "nl" ? "en" : "nl";
            const text = node.data.toLowerCase().replace(/\S*:\/\/\S*/g, "");
            const count = language => new Set(text.match(words[language])).size;
            const isForeign = here === document.documentElement.lang && foreign.some(each => node.data.includes(each));
            if (isForeign || (words[here] && count(other) > 1 && !count(here))) {
                found.push(node.data.trim().slice(0, 90));
            }
        }
        return found;
    }

    /** Those in which something can be wrong; who leaves out what may be left out would have the others done. */
    function forms() {
        const all = [...document.querySelectorAll("main form[method=post]")];
        return all.filter(form => [...form.querySelectorAll(TYPED)].some(canBeWrong));
    }

    function canBeWrong(field) {
        const isFree = field.matches("select, textarea, [type=text], [type=search], [type=tel]");
        return !isFree || (!field.matches("select") && !field.labels[0]?.querySelector(".optional"));
    }

    /** Hand in a form with nothing or nonsense where something can be typed, as a browser that checks nothing does. */
    function spoil(number) {
        const form = forms()[number];
        for (const field of form.querySelectorAll(TYPED)) {
            const isText = field.matches("textarea, [type=text], [type=search], [type=tel], [type=password]");
            if (field.matches("input:not([type=file])")) {
                field.type = "text";
            }
            if (!field.matches("select, [type=file]")) {
                field.value = isText ? "" : "x";
            }
        }
        send(form);
    }

    /** Hand in the first form that has these fields; a `button` is one with that text in it, or that leads there. */
    function fill(fields, button) {
        const names = Object.keys(fields), every = [...document.querySelectorAll("main form[method=post]")];
        const form = every.find(each => names.every(name => each.elements[name]));
        for (const [name, value] of Object.entries(fields)) {
            for (const field of form.querySelectorAll(`[name="${name}"]`)) {
                put(field, value);
            }
        }
        send(form, button);
    }

    function put(field, value) {
        if (field.type === "checkbox" || field.type === "radio") {
            field.checked = field.value === value;
        } else if (field.type === "file") {
            const transfer = new DataTransfer();
            transfer.items.add(new File([value], "typed.csv", {type: "text/csv"}));
            field.files = transfer.files;
        } else {
            field.value = value;
        }
    }

    function send(form, text = "") {
        form.noValidate = true;
        const buttons = [...form.querySelectorAll("button:not([type=button])")];
        form.requestSubmit(buttons.find(each => each.textContent.includes(text) || each.formAction.endsWith(text)));
    }

    /** On a page that refuses: each mistake leads to its field, which says what is wrong. */
    function faultsOfErrors() {
        const summary = document.querySelector("[role=alert]");
        const links = [...(summary?.querySelectorAll("a") || [])];
        const lost = links.filter(link => !document.getElementById(decodeURIComponent(link.hash.slice(1))));
        const silent = [...document.querySelectorAll("[aria-invalid=true]")].filter(
            field => !(field.getAttribute("aria-describedby") || "").split(" ").some(
                id => id.endsWith("-error") && document.getElementById(id)?.checkVisibility(),
            ),
        );
        return [
            ...(links.length ? [] : ["no summary that leads to the mistakes"]),
            ...lost.map(link => `leads nowhere: ${link.hash}`),
            ...silent.map(field => `does not say what is wrong: ${brief(field)}`),
        ];
    }

    return {axe, beginWithNewLooks, colours, misfits, beginAtTheTop, faultsOfKeyboard, facts, spoil, fill, faultsOfErrors};
})();
