// The search page: asks Material's worker, and lists what it finds. All words are the page's own.
(function () {
  var SETUP = 0, READY = 1, QUERY = 2, RESULT = 3; // what the worker's messages are called
  var AT_ONCE = 20, SECTIONS = 3, AROUND = 90;
  var form = document.getElementById("ask"), input = form.elements.q;
  var said = document.getElementById("said"), hits = document.getElementById("hits");
  var rest = document.getElementById("rest");
  var config = JSON.parse(document.getElementById("__config").textContent);
  var base = new URL(config.base.replace(/\/?$/, "/"), location);
  var worker = new Worker(new URL(config.search, location));
  var ready = false, asked = null, waiting = null, jump = false, left = [];

  function say(kind, count) { said.textContent = kind ? said.dataset[kind].replace("#", count) : ""; }

  // Signs with a meaning of their own to the index are plain signs to a reader.
  function plain(words) { return words.replace(/[:^~*+"]/g, " ").replace(/(^|\s)-+/g, " ").trim(); }

  // Small words do not count, unless there are no others.
  function ask() {
    var given = input.value;
    if (!plain(given)) { query(""); return; }
    form.telling(given).catch(function () { return ""; }).then(function (telling) {
      if (given === input.value) query(telling || plain(given));
    });
  }

  function query(words) {
    if (!ready || asked !== null) { waiting = words; return; }
    waiting = null;
    if (!words) { show([], true); return; }
    asked = words;
    worker.postMessage({ type: QUERY, data: words });
  }

  worker.onmessage = function (event) {
    if (event.data.type === READY) { ready = true; say(""); ask(); }
    if (event.data.type !== RESULT) return;
    asked = null;
    if (waiting !== null) { ask(); return; } // more was typed meanwhile
    show(bestFirst(event.data.data.items), false);
  };
  worker.onerror = function () { say("broken"); };

  // The page that has just these words for its own, such as a code, comes before all that name them.
  function bestFirst(items) {
    var words = plain(input.value).toLowerCase();
    function own(found) {
      return (whole(found).tags || []).some(function (tag) {
        return pieces(tag).map(function (part) { return part.textContent; }).join("").toLowerCase() === words;
      });
    }
    return items.filter(own).concat(items.filter(function (found) { return !own(found); }));
  }

  function whole(found) {
    return found.find(function (part) { return part.location.indexOf("#") < 0; }) || found[0];
  }

  function show(items, empty) {
    var inside = hits.contains(document.activeElement);
    hits.textContent = "";
    left = items.slice();
    more();
    say(empty ? "" : items.length === 0 ? "none" : items.length === 1 ? "one" : "many", items.length);
    var first = links()[0];
    if ((jump || inside) && first) first.focus();
    jump = false;
  }

  function more() {
    left.splice(0, AT_ONCE).forEach(function (found) { hits.appendChild(hit(found)); });
    rest.hidden = left.length === 0;
  }

  // A page, with the best of its sections.
  function hit(found) {
    var page = whole(found);
    var item = document.createElement("li"), list = document.createElement("ul");
    item.append(link(page), teaser(page.text));
    found.filter(function (part) { return part !== page; }).slice(0, SECTIONS).forEach(function (part) {
      var section = document.createElement("li");
      section.append(link(part), teaser(part.text));
      list.appendChild(section);
    });
    if (list.firstChild) item.appendChild(list);
    return item;
  }

  function link(part) {
    var made = document.createElement("a");
    made.href = new URL(part.location, base);
    made.append.apply(made, pieces(part.title));
    return made;
  }

  // The text around the first word that was looked for.
  function teaser(text) {
    var made = document.createElement("p"), parts = pieces(text || "");
    var at = parts.findIndex(function (part) { return part.nodeType === Node.ELEMENT_NODE; });
    var length = 0;
    if (at > 0) {
      var before = parts.slice(0, at).map(function (part) { return part.textContent; }).join("");
      var cut = before.length > AROUND ? before.lastIndexOf(" ", before.length - AROUND) + 1 : 0;
      parts.splice(0, at, new Text((cut > 0 ? "… " : "") + before.slice(Math.max(cut, 0))));
    }
    parts.every(function (part) {
      var room = 2 * AROUND - length;
      if (part.textContent.length > room) {
        var short = part.textContent.slice(0, Math.max(room, 0));
        made.append(short.slice(0, Math.max(short.lastIndexOf(" "), 0)) + " …");
        return false;
      }
      length += part.textContent.length;
      made.append(part);
      return true;
    });
    return made;
  }

  // The index holds HTML. Its words are taken, and the marks on those looked for; nothing else is.
  function pieces(html) {
    var made = [], body = new DOMParser().parseFromString(html, "text/html").body;
    (function walk(node) {
      node.childNodes.forEach(function (child) {
        if (child.nodeType === Node.TEXT_NODE) {
          made.push(new Text(child.textContent));
        } else if (child.nodeName === "MARK") {
          var mark = document.createElement("mark");
          mark.textContent = child.textContent;
          made.push(mark);
        } else {
          walk(child);
          if (/^(P|LI|TD|TH|DD|DT|DIV)$/.test(child.nodeName)) made.push(new Text(" "));
        }
      });
    })(body);
    return made;
  }

  function remember() {
    var url = new URL(location.href);
    url.searchParams.set("q", input.value);
    if (!input.value) url.searchParams.delete("q");
    history.replaceState(null, "", url);
  }

  // The answers of the box come before the pages.
  function links() {
    return Array.from(document.querySelectorAll("#ask-hits a, #hits a"));
  }

  function move(event) {
    var all = links(), at = all.indexOf(document.activeElement);
    var inside = document.activeElement === input || at >= 0;
    if (event.key === "Escape" && at >= 0) { event.preventDefault(); input.focus(); return; }
    if (!inside || (event.key !== "ArrowDown" && event.key !== "ArrowUp")) return;
    var to = [input].concat(all)[at + 1 + (event.key === "ArrowDown" ? 1 : -1)];
    if (!to) return;
    event.preventDefault();
    to.focus();
  }

  input.addEventListener("input", ask);
  form.addEventListener("submit", function (event) {
    event.preventDefault();
    remember();
    jump = true;
    ask();
  });
  hits.addEventListener("click", remember); // so that Back comes back to what was found
  document.addEventListener("keydown", move);
  rest.addEventListener("click", function () {
    var next = hits.children.length;
    left.length && more();
    hits.children[next].querySelector("a").focus();
  });

  input.value = new URL(location.href).searchParams.get("q") || "";
  // A keyboard that opens by itself would cover what was found.
  if (!input.value || matchMedia("(pointer: fine)").matches) input.focus();
  say("reading");
  fetch(new URL("search/search_index.json", base))
    .then(function (answer) { return answer.json(); })
    .then(function (index) {
      worker.postMessage({ type: SETUP, data: { config: index.config, docs: index.docs, options: { suggest: false } } });
    })
    .catch(function () { say("broken"); });
})();
