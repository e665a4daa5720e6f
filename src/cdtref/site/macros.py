"""The functions a page may call: `{{ code_page("D0470") }}`. Each returns Markdown."""

import re
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from mkdocs.exceptions import BuildError

import cdtref
from cdtref import library
from cdtref.model import long_date

from . import cards, views

_TEMPLATES = Path(__file__).parent / "templates"


def define_env(env: Any) -> None:
    """Called by mkdocs-macros before every build."""
    library.forget()  # the TOML may have changed since the last build
    try:
        library.current()
    except cdtref.KnowledgeError as error:
        raise BuildError(str(error)) from None  # told in full, and a live server stays up
    templates = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    templates.filters |= {
        "long_date": long_date,
        "month": views.month,
        "dissenters": views.dissenters,
        "source_date": views.source_date,
        "years": views.years,
        "sentence": lambda text: text[0].upper() + text[1:],
    }
    templates.globals |= {"cdtref": cdtref, "views": views, "repo": env.conf.get("repo_url") or ""}

    def render(template: str, **context: object) -> str:
        # Links are relative, so that the site works under any address.
        root = "../" * env.page.url.strip("/").count("/") + ("../" if env.page.url != "" else "")
        text = templates.get_template(template).render(root=root, **context)
        # Markdown takes four spaces for code; the templates indent for their readers only.
        return re.sub(r"(?m)^[ \t]+", "", text)

    def code_page(code: str) -> str:
        return render("code.md", code=cdtref.code(code))

    def neighbors_page() -> str:
        codes = [code for code in cdtref.all_codes() if not code.subject]
        return render("neighbors.md", codes=codes)

    def service_page(service: str) -> str:
        return render("service.md", service=cdtref.service(service))

    def founding_guide(source: str) -> str:
        return render("founding-guide.md", source=cdtref.source(source))

    def sources_page() -> str:
        return render("sources.md")

    def services_page() -> str:
        return render("services.md")

    def codes_page() -> str:
        return render("codes.md", codes=cdtref.all_codes())

    def home() -> str:
        return render("home.md")

    def card(scenario: str) -> str:
        return cards.card_html(cards.shown_card(scenario))

    for macro in (
        code_page,
        neighbors_page,
        service_page,
        founding_guide,
        sources_page,
        services_page,
        codes_page,
        home,
        card,
    ):
        env.macro(macro)
