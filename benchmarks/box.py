"""How long after a key the box shows its answers, on a processor slowed four times.

`make build`, then `.venv/bin/python benchmarks/box.py`. It types in Chromium, a key at a time, and
tells the slowest key beside what the browser takes for a frame without any work.
"""

import shutil
import statistics
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from playwright.sync_api import sync_playwright

SITE = Path(__file__).parents[1] / "site"
SLOWED = 4
QUERIES = [
    *("iTero scan", "CO-97", "D0470", "lab printed the models who bills", "invislaign"),
    *("can we bill D0801 for an Invisalign scan", "scan and printed model in office", "root canal"),
    "what do we write in the chart when we scanned the mouth for records and printed a model",
]
# From a key to the frame in which its answers are drawn.
PRESS = """async (words) => {
    const input = document.querySelector("#ask input"), list = document.getElementById("ask-hits");
    const frame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
    const took = [];
    for (let length = 1; length <= words.length; length++) {
        await frame();
        const drawn = new Promise((done) => {
            const seen = new MutationObserver(() => { seen.disconnect(); frame().then(done); });
            seen.observe(list, { childList: true });
            setTimeout(() => { seen.disconnect(); done(); }, 1000); // nothing before, nothing now
        });
        const start = performance.now();
        input.value = words.slice(0, length);
        input.dispatchEvent(new Event("input", { bubbles: true }));
        const { hits } = await document.getElementById("ask").search(input.value);
        if (list.children.length || (hits && hits.length)) {
            await drawn;
            took.push(performance.now() - start);
        }
    }
    const start = performance.now();
    await frame();
    return [took, performance.now() - start];
}"""


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


def main() -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(SITE)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with sync_playwright() as playwright:
        path = shutil.which("chromium") or shutil.which("google-chrome")
        browser = playwright.chromium.launch(executable_path=path)
        page = browser.new_page()
        page.goto(f"http://127.0.0.1:{server.server_port}/")
        page.evaluate("document.getElementById('ask').search('scan').then(() => true)")
        page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWED})
        print(f"{'':50}{'slowest key':>14}{'median':>10}{'bare frame':>12}  (ms)")
        for words in QUERIES:
            took, bare = page.evaluate(PRESS, words)
            print(
                f"{words[:48]:50}{max(took, default=0):14.0f}"
                f"{statistics.median(took) if took else 0:10.0f}{bare:12.0f}"
            )
        browser.close()
    server.shutdown()


if __name__ == "__main__":
    main()
