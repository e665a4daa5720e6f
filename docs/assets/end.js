// Shows the line about dates that are not answered here, by the reader's own calendar.
(function (script) {
  // At once, so that what needs a script is there when the page is first painted.
  document.documentElement.classList.replace("no-js", "js");
  function show() {
    var now = new Date();
    var day = [now.getFullYear(), now.getMonth() + 1, now.getDate()]
      .map(function (part) { return String(part).padStart(2, "0"); })
      .join("-");
    document.documentElement.toggleAttribute("data-end", day >= script.dataset.shownFrom);
  }
  show();
  document.addEventListener("visibilitychange", show); // a page left open over the new year
})(document.currentScript);
