// The truth table in the browser: what an answer says on a date of service, and the places it goes.
// There is no rule and no word in it: the pages and assets/answers.json hold them.
window.cdtref = (function () {
  "use strict";
  const box = document.getElementById("ask");
  const { first, last, root } = box.dataset;
  const all = (selector, inside) => Array.from((inside || document).querySelectorAll(selector));
  const VERDICTS = ["yes", "no", "included", "unsettled"];

  const isDate = (text) => {
    const day = new Date(text + "T00:00:00Z");
    return /^\d{4}-\d\d-\d\d$/.test(text) && !isNaN(day) && day.toISOString().startsWith(text);
  };
  const long = (text) =>
    new Intl.DateTimeFormat("en-US", { dateStyle: "long", timeZone: "UTC" }).format(new Date(text + "T00:00:00Z"));
  const dayBefore = (text) => new Date(Date.parse(text + "T00:00:00Z") - 864e5).toISOString().slice(0, 10);

  // What is wrong with a date, by the name of the text that says so; nothing if it is answered for.
  const wrong = (on) => (!isDate(on) ? "none" : on < first ? "before" : on > last ? "after" : "");

  // A file of the site, read once; if it cannot be, the next try may do better.
  const files = {};
  const file = (name, read) =>
    (files[name] =
      files[name] ||
      fetch(new URL(root + name, location.href))
        .then((answer) => (answer.ok ? answer.json() : Promise.reject(answer.status)))
        .then(read)
        .catch((error) => {
          delete files[name];
          throw error;
        }));

  // The table tells an answer by how many before the newest it was told first.
  function unpack(known) {
    let next = 0;
    const row = (stretches) =>
      stretches.forEach((stretch) => {
        for (let at = 1; at < stretch.length; at++) stretch[at] = stretch[at] ? next - stretch[at] : next++;
      });
    Object.values(known.services).forEach(row);
    Object.values(known.codes).forEach(row);
    const services = Object.keys(known.services);
    Object.entries(known.pairs).forEach(([code, rows]) => {
      rows.forEach(row);
      known.pairs[code] = Object.fromEntries(rows.map((stretches, at) => [services[at], stretches]));
    });
    return known;
  }
  const table = () => file("assets/answers.json", unpack);
  const parts = () => file("assets/quoting.json", (told) => told);

  // The answers of a row of stretches on a date, and how long they hold.
  function answers(known, stretches, on) {
    const at = stretches.findLastIndex((stretch) => known.days[stretch[0]] <= on);
    // The answer holds for as long as its words are the same, whoever spoke of it meanwhile.
    const words = (index) =>
      stretches[index].slice(1).map((number) => known.lasting.map((field) => known.shown[field][number])).join();
    let [from, to] = [at, at];
    while (from && words(from - 1) === words(at)) from -= 1;
    while (to + 1 < stretches.length && words(to + 1) === words(at)) to += 1;
    const after = stretches[to + 1];
    return {
      since: known.days[stretches[from][0]],
      until: after ? dayBefore(known.days[after[0]]) : last,
      shown: stretches[at].slice(1).map((number) => {
        const one = {};
        known.fields.forEach((field, index) => {
          const value = known.shown[index][number];
          one[field] = field === "soft" || field === "disputed" ? Boolean(value) : known.texts[value];
        });
        return one;
      }),
    };
  }

  function marks(element, one) {
    VERDICTS.forEach((verdict) => element.classList.toggle("v-" + verdict, verdict === one.verdict));
    element.classList.toggle("soft", one.soft);
    element.classList.toggle("disputed", one.disputed);
  }

  // A text in its place; the codes it names lead to their pages.
  function fill(element, text, known) {
    element.replaceChildren(
      ...text.split(/(D\d{4})/).map((part) => {
        const page = known.pages[part] && new URL(root + known.pages[part], location.href);
        if (!page || page.pathname === location.pathname) return part;
        const link = document.createElement("a");
        link.className = "code";
        link.href = page;
        link.textContent = part;
        return link;
      }),
    );
  }

  function show(element, one, known) {
    all("[data-slot]", element).forEach((slot) => {
      if (slot.dataset.slot in one) fill(slot, one[slot.dataset.slot], known);
    });
    marks(element, one);
  }

  // For a page that links to an answer. A part of which a place stays empty is left out.
  const SIGNS = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#x27;" };
  const escaped = (text) => text.replace(/[&<>"']/g, (sign) => SIGNS[sign]);
  const PLACE = /\{(\w+)\}/g;
  const put = (parts, values, safe) =>
    parts
      .filter((part) => [...part.matchAll(PLACE)].every(([, name]) => values[name]))
      .map((part) => part.replace(PLACE, (_, name) => safe(values[name])))
      .join("");

  // The sentence and the piece of HTML for what was found on a date, fetched when wanted. `own` says
  // what it is about.
  function quoted(known, found, on, own) {
    const one = found.shown[0];
    const edition = known.editions.find(([, since, until]) => since <= on && on <= until)[0];
    const headline = found.shown.map((each) => each.headline).join(". ");
    const [since, until] = [long(found.since), long(found.until)];
    const disputed = one.disputed ? "yes" : "";
    return parts().then(({ citation, quotation, disputes, names, verified }) => {
      const title = names[own.service];
      const told = { ...one, version: known.version, verified, edition, on, since, until, headline, disputed, title, code: "" };
      const values = { ...told, ...own, link: String(own.link) };
      if (own.disputesOf !== undefined) values.dissent = disputes[own.disputesOf] || "";
      return {
        link: values.link,
        citation: put(citation, values, (text) => text),
        quotation: put(quotation, values, escaped),
      };
    });
  }

  // The answer of a row or a hit, in a box of its own; its page, where what quotes it does not come.
  function cite(known, { code, services: [service], on }, link) {
    const found = answers(known, code ? known.pairs[code][service] : known.services[service], on);
    return quoted(known, found, on, { code, service, link }).then(offer, () => location.assign(link));
  }

  // What a page that links to one of many answers needs, in a box of its own.
  function offer(told) {
    const box = document.getElementById("cite").content.firstElementChild.cloneNode(true);
    for (const name in told) {
      const words = box.querySelector("[data-told=" + name + "]");
      words.textContent = told[name];
      words.id = "cite-" + name;
    }
    box.addEventListener("close", () => box.remove());
    document.body.append(box);
    box.showModal();
  }

  return { all, answers, box, cite, file, fill, first, last, long, marks, quoted, root, show, table, wrong };
})();
