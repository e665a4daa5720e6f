// Hides the rows of a table that do not fit what is typed. It has no words of its own; without it
// the whole table shows, and the box does not.
(function () {
  var box = document.getElementById("filter");
  var count = document.getElementById("filter-count");
  var rows = Array.from(document.querySelectorAll("#" + box.getAttribute("aria-controls") + " tbody tr"));

  function plain(text) {
    return text.toLowerCase().replace(/[‘’]/g, "'").replace(/\s+/g, " ").trim();
  }

  var known = rows.map(function (row) {
    var cells = Array.from(row.cells, function (cell) { return cell.textContent; });
    return {
      row: row,
      code: plain(row.dataset.remittance),
      words: " " + plain(cells.concat(row.dataset.words).join(" ")).replace(/-/g, " "),
    };
  });

  // CO-97, co97, "PI 97", "CARC 97" and "(RARC) N478" all name a code.
  function terms(typed) {
    return plain(typed)
      .replace(/[()[\],;:#"]/g, " ")
      .replace(/\b([bmn])-(?=\d)/g, "$1")
      .replace(/\b(carc|rarc|co|pr|oa|pi)[\s–-]*(?=[bmn]?\d)/g, " ")
      .split(/[\s–-]+/)
      .filter(Boolean);
  }

  // Any of the codes, since an explanation prints several for one line, and all of the words.
  function fits(entry, wanted) {
    var codes = wanted.filter(function (term) { return /\d/.test(term); });
    var named = codes.some(function (term) {
      var whole = known.some(function (other) { return other.code === term; });
      return whole ? entry.code === term : entry.code.startsWith(term);
    });
    return (named || !codes.length) && wanted.every(function (term) {
      return codes.includes(term) || entry.words.includes(" " + term);
    });
  }

  function filter() {
    var wanted = terms(box.value);
    var shown = 0;
    known.forEach(function (entry) {
      entry.row.hidden = !fits(entry, wanted);
      if (!entry.row.hidden) shown += 1;
    });
    var told = shown ? shown + " " + count.dataset.some : count.dataset.none;
    count.textContent = wanted.length ? told : "";
  }

  box.addEventListener("input", filter);
  box.parentElement.hidden = false;
  filter(); // the box may still hold what was typed before going back
})();
