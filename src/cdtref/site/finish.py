"""What is done to the built pages once all of them stand: `python -m cdtref.site.finish SITE`.

It reads and writes the built site only, and does nothing the second time.
"""

import base64
import gzip
import hashlib
import html as escaping
import json
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from lxml import html

import cdtref

from . import asking, changed, data, inventory, pages, table


class FinishError(Exception):
    """The built site has something that must not be published."""


class Page(NamedTuple):
    """A built page, as far as its finish needs it."""

    address: str
    listed: bool
    """Whether search engines are to know of it: it is a page of its own, and not a way to one."""
    verified: str
    """The month of the fact it speaks of; empty if it speaks of many."""


def finish(site: Path) -> list[str]:
    """Finishes a built site; returns what it lacks without an address of its own."""
    write_redirects(site, pages.redirects())
    write_addresses(site)
    table.write(site)
    asking.write(site)
    data.write(site)
    inventory.write(site, _trees(site))
    for names, lean in ((OWN_SCRIPTS, without_comments), (OWN_STYLES, lean_style)):
        for file in (site / name for name in names):
            file.write_text(lean(_read(file)), encoding="utf-8", newline="\n")
    for file in _files(site):
        file.write_text(with_policy(_read(file), _name(site, file)), encoding="utf-8", newline="\n")
    address = site_address(site)
    changed.write_feed(site, address)
    _write_robots(site, address)
    _write_sitemap(site, address)
    if address:
        return []
    return [
        "No address is set (CDTREF_SITE_URL). Without one the site has no canonical links, no",
        "sitemap, and no address in the cards that others show when they link to a page.",
    ]


OWN_SCRIPTS = ("assets/answers.js", "assets/cdtref.js", "assets/ask.js")


def without_comments(script: str) -> str:
    """A script of ours without what every reader would fetch for nothing: the lines that are
    comments or empty, what indents the others, and line ends after a sign that ends no statement
    or ends one itself."""
    script = re.sub(r"^ *(//.*)?\n|^ +", "", script, flags=re.MULTILINE)
    return re.sub(r"(?<=[;{,(])\n(?!$)", "", script)


OWN_STYLES = ("assets/cdtref.css", "assets/search.css")


def lean_style(style: str) -> str:
    """A style sheet of ours without comments, empty lines and what indents the others."""
    style = re.sub(r"/\*.*?\*/", "", style, flags=re.DOTALL)
    return re.sub(r"^[ \n]+", "", style, flags=re.MULTILINE)


def site_address(site: Path) -> str:
    """The address that the pages name as their own; empty if none was set."""
    home = html.fromstring(_read(site / "index.html"))
    return str("".join(home.xpath("//link[@rel='canonical']/@href")))


def built(site: Path) -> list[Page]:
    """Every page, in order of address. 404.html has none."""
    found = []
    for file in _files(site):
        if file.name != "index.html":
            continue
        tree = html.fromstring(_read(file))
        robots = "".join(tree.xpath("//meta[@name='robots']/@content"))
        verified = "".join(tree.xpath("//meta[@name='verified']/@content"))
        found.append(Page(_name(site, file), "noindex" not in robots, verified))
    return found


def _trees(site: Path) -> Iterator[tuple[str, html.HtmlElement]]:
    """The pages, each parsed, without those that only lead on."""
    for file in _files(site):
        text = _read(file)
        if file.name == "index.html" and 'http-equiv="refresh"' not in text:
            yield _name(site, file), html.fromstring(text)


def _files(site: Path) -> list[Path]:
    return sorted(site.rglob("*.html"))


def _read(file: Path) -> str:
    return file.read_text(encoding="utf-8")


def _name(site: Path, file: Path) -> str:
    return file.relative_to(site).as_posix().removesuffix("index.html")


# --- Content-Security-Policy ----------------------------------------------------------------------

_POLICY = re.compile(r'\n? *<meta http-equiv="Content-Security-Policy"[^>]*>')
_INLINE = re.compile(r"<(script|style)\b([^>]*)>(.*?)</\1>", re.DOTALL)
_CHARSET = re.compile(r'<meta charset="utf-8">', re.IGNORECASE)


def with_policy(text: str, where: str) -> str:
    """A page with the policy that allows what stands in it, and nothing else."""
    text = _POLICY.sub("", text)
    _refuse_what_no_policy_allows(text, where)
    line = f'<meta http-equiv="Content-Security-Policy" content="{policy(text)}">'
    # Before anything that it is to govern.
    changed, count = _CHARSET.subn(lambda found: f"{found[0]}\n    {line}", text, count=1)
    if not count:
        raise FinishError(f"{where}: has no <meta charset>, after which its policy would stand")
    return changed


def policy(text: str) -> str:
    """The policy of a page: its own host, and each script that stands in it by its digest."""
    scripts, styles = _digests(text, "script"), _digests(text, "style")
    return "; ".join(
        [
            "default-src 'none'",
            " ".join(["script-src 'self'", *scripts]),
            " ".join(["style-src 'self'", *styles]),
            "img-src 'self' data:",  # Material draws its signs from its style sheet
            "font-src 'self'",
            "connect-src 'self'",
            "worker-src 'self'",
            "base-uri 'self'",
            "form-action 'self'",
            "object-src 'none'",
        ]
    )


def _digests(text: str, tag: str) -> list[str]:
    found: set[str] = set()
    for name, attributes, content in _INLINE.findall(text):
        runs = "src=" not in attributes and "json" not in attributes
        if name == tag and runs:
            digest = hashlib.sha256(content.encode()).digest()
            found.add(f"'sha256-{base64.b64encode(digest).decode()}'")
    return sorted(found)


def _refuse_what_no_policy_allows(text: str, where: str) -> None:
    tree = html.fromstring(text)
    wrong = [
        *(f"style={found!r}" for found in tree.xpath("//@style")),
        *(f"{at.attrname}={at!r}" for at in tree.xpath("//@*[starts-with(name(), 'on')]")),
        *(repr(str(at)) for at in tree.xpath("//@href[starts-with(., 'javascript:')]")),
    ]
    if wrong:
        told = ", ".join(wrong)
        raise FinishError(f"{where}: the policy of the page refuses {told}. Use a class or a file.")


# --- Redirects ------------------------------------------------------------------------------------

# The script takes along what was asked: /D0470?on=2022-11-15 is about that date of service.
_REDIRECT = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="robots" content="noindex">
<noscript><meta http-equiv="refresh" content="0; url={to}"></noscript>
<link rel="canonical" href="{canonical}">
<link rel="icon" href="{top}assets/favicon.svg">
<title>{title}</title>
</head>
<body>
<p>This page is at <a href="{to}">{title}</a>.</p>
<script>
  var link = document.querySelector("a");
  link.search = location.search;
  if (location.hash) link.hash = location.hash;
  location.replace(link.href);
</script>
</body>
</html>
"""


def write_redirects(site: Path, pairs: Iterable[tuple[str, str]]) -> None:
    """Small pages that lead on, for addresses that people type."""
    address = site_address(site)
    for at, to in pairs:
        target = site / to.partition("#")[0] / "index.html"
        if not target.is_file():
            raise FinishError(f"/{at} would lead to /{to}, which is no page")
        file = site / at / "index.html"
        if file.is_file() and 'http-equiv="refresh"' not in _read(file):
            raise FinishError(f"/{at} is a page; it cannot lead to /{to}")
        top = "../" * at.strip("/").count("/") + "../"
        relative = top + to
        file.parent.mkdir(parents=True, exist_ok=True)
        text = _REDIRECT.format(
            top=top,
            to=escaping.escape(relative),
            canonical=escaping.escape((address + to if address else relative).partition("#")[0]),
            title=escaping.escape(_title(target)),
        )
        file.write_text(text, encoding="utf-8", newline="\n")


def _title(file: Path) -> str:
    return " ".join((html.fromstring(_read(file)).findtext(".//title") or "").split())


# --- The addresses that 404.html knows ------------------------------------------------------------

_ADDRESSES = re.compile(
    r'(<script id="addresses" type="application/json">).*?(</script>)', re.DOTALL
)
# Where two pages end alike, as that of a code and its checklist do, the first of these is meant.
_FIRST = ("codes", "services", "denials", "guide", "scenarios", "sources", "checklists")


def write_addresses(site: Path) -> None:
    """Gives 404.html every address of the site, by what people may have typed for it."""
    file = site / "404.html"
    table = json.dumps(addresses(built(site)), sort_keys=True, separators=(",", ":"))
    text, count = _ADDRESSES.subn(
        lambda found: found[1] + table.replace("<", "\\u003c") + found[2], _read(file)
    )
    if count != 1:
        raise FinishError("404.html has no place for the addresses of the site")
    file.write_text(text, encoding="utf-8", newline="\n")


def addresses(found: Iterable[Page]) -> dict[str, str]:
    """Pages by their path and its last word, in small letters; then what has no page of its own."""
    listed = [page.address for page in found if page.listed and page.address]
    table = {address.strip("/").lower(): address for address in listed}
    for address in sorted(listed, key=_rank):
        table.setdefault(address.strip("/").lower().split("/")[-1], address)
    for word, address in _without_a_page():
        table.setdefault(word.lower(), address)
    return table


def _rank(address: str) -> tuple[int, str]:
    section = address.split("/", maxsplit=1)[0]
    return (_FIRST.index(section) if section in _FIRST else len(_FIRST), address)


def _without_a_page() -> Iterator[tuple[str, str]]:
    for code in cdtref.all_codes():
        if not code.subject:
            yield code.code, code.address


# --- robots.txt, sitemap.xml ----------------------------------------------------------------------


def _write_robots(site: Path, address: str) -> None:
    lines = ["User-agent: *", "Allow: /"]
    if address:
        lines.append(f"Sitemap: {address}sitemap.xml")
    (site / "robots.txt").write_text("\n".join([*lines, ""]), encoding="utf-8", newline="\n")


def _write_sitemap(site: Path, address: str) -> None:
    plain, packed = site / "sitemap.xml", site / "sitemap.xml.gz"
    if not address:  # a list without addresses would say that there is nothing here
        plain.unlink(missing_ok=True)
        packed.unlink(missing_ok=True)
        return
    oldest = min(rule.verified for rule in cdtref.rules())
    lines = [
        f"<url><loc>{escaping.escape(address + page.address)}</loc>"
        f"<lastmod>{page.verified or oldest}</lastmod></url>"
        for page in built(site)
        if page.listed
    ]
    text = "\n".join(
        [
            '<?xml version="1.0" encoding="UTF-8"?>',
            '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">',
            *lines,
            "</urlset>",
            "",
        ]
    )
    plain.write_text(text, encoding="utf-8", newline="\n")
    packed.write_bytes(gzip.compress(text.encode(), mtime=0))


def main() -> None:
    """Finishes the site in the folder that is named."""
    if len(sys.argv) != 2 or not (Path(sys.argv[1]) / "index.html").is_file():
        sys.exit("usage: python -m cdtref.site.finish SITE, with SITE the folder of a built site")
    try:
        lacks = finish(Path(sys.argv[1]))
    except FinishError as error:
        sys.exit(f"The site cannot be published: {error}")
    if lacks:
        print("\n".join(lacks))


if __name__ == "__main__":
    main()
