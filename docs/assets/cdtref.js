// The menu, light and dark, copying, printing, and the answers for another date of service.
// There is no rule and no word in it: the pages and assets/answers.json hold them.
(function () {
  "use strict";
  const { all, answers, cite, last, long, quoted, show, table, wrong } = window.cdtref;

  // The menu of a small screen.
  const menu = document.getElementById("menu");
  const open = (yes) => menu.setAttribute("aria-expanded", String(yes));
  const isOpen = () => menu.getAttribute("aria-expanded") === "true";
  if (menu) {
    menu.addEventListener("click", () => open(!isOpen()));
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !isOpen()) return;
      open(false);
      menu.focus();
    });
  }

  // Light and dark: Material keeps the choice; the button makes the other one.
  const palette = document.getElementById("palette");
  if (palette) {
    palette.addEventListener("click", () => {
      const scheme = document.body.getAttribute("data-md-color-scheme");
      all("input[name=__palette]").find((one) => one.dataset.mdColorScheme !== scheme).click();
    });
  }

  // An address that points into something folded opens it.
  const unfold = () => {
    let target;
    try {
      target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    } catch {
      // what is no address points nowhere
    }
    if (!target) return;
    const folded = [];
    for (let at = target; at; at = at.parentElement) {
      if (at.tagName === "DETAILS" && !at.open) folded.push(at);
    }
    folded.forEach((one) => (one.open = true));
    if (folded.length) target.scrollIntoView();
  };
  addEventListener("hashchange", unfold);
  unfold();

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.matches(".print")) print();
    if (button.matches(".copy")) {
      const part = document.getElementById(button.dataset.copy);
      button.dataset.label = button.dataset.label || button.textContent;
      const done = () => {
        button.textContent = button.dataset.done;
        setTimeout(() => (button.textContent = button.dataset.label), 2000);
      };
      // Where the clipboard is out of reach, the words stand selected, to be copied by hand.
      const byHand = () => getSelection().selectAllChildren(part);
      if (navigator.clipboard) navigator.clipboard.writeText(part.innerText).then(done, byHand);
      else byHand();
    }
  });

  // The date of service ------------------------------------------------------------------------

  const form = document.querySelector("form.on");
  // An example has its date, and leads to the answers of that date.
  all(".card li[data-on] > a").forEach((link) => (link.search = "?on=" + link.parentElement.dataset.on));
  addresses("");
  all(".quotation").forEach((piece) => {
    const address = document.getElementById(piece.id.replace("quotation", "link")).textContent;
    piece.textContent = piece.textContent.replaceAll('="' + piece.dataset.quoted + '"', '="' + address + '"');
  });
  if (!form) return;
  const input = form.elements.on;
  const told = document.querySelector(".on-told");
  let chosen;

  // No answer stands beside a date that it is not for, not even while its own is on the way.
  const silence = (because) => {
    told.textContent = because && told.dataset[because];
    document.documentElement.toggleAttribute("data-unanswered", Boolean(because));
    if (!because) return;
    all("article [data-on]").forEach((element) => (element.dataset.on = element.dataset.verdict = ""));
  };
  function card(element, found, known, on) {
    show(element, found.shown[0], known);
    all("[data-slot=dates]", element).forEach((dates) => {
      dates.textContent = dates.dataset.text.replace("{since}", long(found.since)).replace("{until}", long(found.until));
    });
    // What is not reported needs no record of its own.
    if ("cardCode" in element.dataset) {
      all(".take", element).forEach((take) => (take.hidden = found.shown[0].verdict === "no"));
    }
    const disputes = element.querySelector(".sides .disputes");
    if (disputes && "cardService" in element.dataset) disputes.hidden = !found.shown[0].dissent;
    const cited = element.querySelector("[data-cited]");
    if (cited) cited.textContent = cited.dataset.cited + found.shown[0].headline;
    const { cardCode: code, cardService: service } = element.dataset;
    const link = new URL(element.querySelector("[data-address]").dataset.address, location.href);
    link.search = "?on=" + on;
    const today = on >= known.editions.at(-1)[1];
    const own = code
      ? { code, second: found.shown[0].why, standing: "", use: found.shown[0].standing, disputesOf: today ? code : "" }
      : { service };
    const title = cited.dataset.cited.replace(/: $/, "");
    const piece = element.querySelector(".quotation");
    piece.textContent = "";
    quoted(known, found, on, { ...own, link: link.href, title })
      .then((made) => (piece.textContent = made.quotation))
      .catch(() => (piece.textContent = link.href));
  }

  // A row is an answer too.
  document.addEventListener("click", (event) => {
    const row = event.target.closest("[data-pair] .perma") && event.target.closest("[data-pair]");
    if (!row || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const { code, service } = row.dataset;
    const on = wrong(input.value) ? last : input.value;
    const link = new URL("#" + row.id, location.href);
    link.search = input.value && on === input.value ? "?on=" + on : "";
    table()
      .then((known) => cite(known, { code, services: [service], on }, link))
      .catch(() => (location.hash = row.id));
  });

  function answer(known, on) {
    all("[data-pair]").forEach((element) => {
      const found = answers(known, known.pairs[element.dataset.code][element.dataset.service], on);
      show(element, found.shown[0], known);
      element.dataset.verdict = found.shown[0].verdict;
      element.dataset.on = on;
    });
    all("[data-card-service]").forEach((element) => {
      const service = element.dataset.cardService;
      const found = answers(known, known.services[service], on);
      card(element, found, known, on);
      const [pattern, ...others] = all(".one", element);
      others.forEach((other) => other.remove());
      found.shown.forEach((one, index) => {
        const line = index ? pattern.cloneNode(true) : pattern;
        if (index) element.insertBefore(line, element.querySelector(".sure"));
        show(line, one, known);
        Object.assign(line.dataset, { code: one.code, service, verdict: one.verdict, on });
      });
    });
    all("[data-card-code]").forEach((element) => {
      card(element, answers(known, known.codes[element.dataset.cardCode], on), known, on);
    });
    const today = on >= known.editions[known.editions.length - 1][1];
    all("[data-today]").forEach((element) => (element.hidden = !today));
    all(".next li").forEach((step) => {
      step.hidden = !today && /\/(codes|checklists)\//.test(step.firstElementChild.pathname);
    });
  }

  // The address of an answer, with the date of service if one was chosen.
  function addresses(on) {
    all("[data-address]").forEach((element) => {
      const address = new URL(element.dataset.address, location.href);
      address.search = on && "?on=" + on;
      element.textContent = address;
    });
    all("article a[href]").forEach((link) => {
      if (link.host === location.host && /\/(codes\/D\d{4}|services\/[^/]+)\/$/.test(link.pathname) && link.pathname !== location.pathname) {
        link.search = on && "?on=" + on;
      }
    });
  }

  function choose(on) {
    chosen = on;
    const because = wrong(on);
    silence(because || "wait");
    if (because) return addresses("");
    table()
      .then((known) => {
        if (chosen !== on) return;
        answer(known, on);
        addresses(on);
        silence("");
        told.textContent = told.dataset.shown.replace("{on}", long(on));
      })
      .catch(() => {
        if (chosen === on) silence("lost");
      });
  }

  input.addEventListener("change", () => {
    const address = new URL(location);
    address.searchParams.delete("on");
    if (!input.value && !input.validity.badInput) {
      location.replace(address); // the page as it was written
      return;
    }
    if (input.value) address.searchParams.set("on", input.value);
    history.replaceState(null, "", address);
    choose(input.value);
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  const asked = new URLSearchParams(location.search).get("on");
  if (asked !== null) {
    input.value = asked;
    choose(asked);
  }
})();
