"""The functions a page may call: `{{ code_page("D0470") }}`. Each returns Markdown."""

import datetime as dt
import os
import re
from collections import Counter
from collections.abc import Iterator
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from mkdocs.exceptions import BuildError

import cdtref
from cdtref import history, library, words
from cdtref.claimfiles.columns import FIELDS, REQUIRED
from cdtref.model import long_date

from . import (
    advice,
    answers,
    cards,
    changed,
    checks,
    drift,
    head,
    holding,
    pages,
    quoting,
    reasons,
    views,
)
from .holding import Hold

_TEMPLATES = Path(__file__).parent / "templates"


def define_env(env: Any) -> None:
    """Called by mkdocs-macros before every build."""
    library.forget()  # the TOML may have changed since the last build
    try:
        library.current()
    except cdtref.KnowledgeError as error:
        raise BuildError(str(error)) from None  # told in full, and a live server stays up
    _check_pages(env)
    _check_sentences()
    _fill_frame(env)
    # The builder stamps files with a day; that of the knowledge, so that no build depends on today.
    month = min(rule.verified for rule in cdtref.rules())
    stamp = dt.datetime.fromisoformat(f"{month}-01T00:00:00+00:00")
    os.environ["SOURCE_DATE_EPOCH"] = str(int(stamp.timestamp()))
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
        "label": words.label,
        "meaning": words.meaning,
        "sentence": lambda text: text[0].upper() + text[1:],
        "sure": lambda standing: standing.rpartition(" · ")[2].lower(),
    }
    templates.globals |= {
        "cdtref": cdtref,
        "views": views,
        "answers": answers,
        "quoting": quoting,
        "reasons": reasons,
        "site": env.conf.get("site_url") or "",
    }

    def render(template: str, **context: object) -> str:
        # Links are relative, so that the site works under any address.
        root = "../" * env.page.url.strip("/").count("/") + ("../" if env.page.url != "" else "")
        text = templates.get_template(template).render(root=root, **context)
        # Markdown takes four spaces for code; the templates indent for their readers only.
        return _link_codes(re.sub(r"(?m)^[ \t]+", "", text), root, env.page.url)

    @env.macro  # type: ignore[untyped-decorator]
    def code_page(code: str) -> str:
        env.page.meta.setdefault("hide", ["toc"])
        found = cdtref.code(code)
        env.page.meta["tags"] = [code]
        env.page.meta["search"] = {"boost": 3}  # answers come before what explains them
        env.page.meta["verified"] = found.verified
        env.page.meta["json_ld"] = head.code_term(found)
        env.page.meta["description"] = head.of_code(found)
        env.page.meta["next"] = views.after_code(found)
        return render("code.md", code=found)

    @env.macro  # type: ignore[untyped-decorator]
    def neighbors_page() -> str:
        codes = [code for code in cdtref.all_codes() if not code.subject]
        return render("neighbors.md", codes=codes)

    @env.macro  # type: ignore[untyped-decorator]
    def service_page(service: str) -> str:
        env.page.meta.setdefault("hide", ["toc"])
        found = cdtref.service(service)
        env.page.meta["tags"] = views.search_words(found)
        env.page.meta["search"] = {"boost": 3}
        env.page.meta["verified"] = cdtref.rule(views.service_answer(service).rule).verified
        env.page.meta["description"] = head.of_service(found)
        env.page.meta["next"] = views.after_service(found)
        return render("service.md", service=found)

    @env.macro  # type: ignore[untyped-decorator]
    def founding_guide(source: str) -> str:
        return render("founding-guide.md", source=cdtref.source(source))

    @env.macro  # type: ignore[untyped-decorator]
    def sources_page() -> str:
        return render("sources.md")

    @env.macro  # type: ignore[untyped-decorator]
    def services_page() -> str:
        return render("services.md")

    @env.macro  # type: ignore[untyped-decorator]
    def codes_page() -> str:
        return render("codes.md", codes=cdtref.all_codes())

    @env.macro  # type: ignore[untyped-decorator]
    def home() -> str:
        return render("home.md")

    @env.macro  # type: ignore[untyped-decorator]
    def report_table(*services: str) -> str:
        return render("report-table.md", services=[cdtref.service(id) for id in services])

    @env.macro  # type: ignore[untyped-decorator]
    def years_table(services: list[str], years: list[int]) -> str:
        found = [cdtref.service(id) for id in services]
        return render("years-table.md", services=found, years=years)

    @env.macro  # type: ignore[untyped-decorator]
    def dissent_table(question: str) -> str:
        return render("dissent-table.md", question=cdtref.question(question))

    @env.macro  # type: ignore[untyped-decorator]
    def editions_table() -> str:
        return render("editions-table.md")

    @env.macro  # type: ignore[untyped-decorator]
    def about_edition(name: str) -> str:
        return render("edition.md", edition=cdtref.edition(name))

    @env.macro  # type: ignore[untyped-decorator]
    def last_day() -> str:
        return long_date(views.day())

    @env.macro  # type: ignore[untyped-decorator]
    def cautions_list() -> str:
        return render("cautions.md")

    @env.macro  # type: ignore[untyped-decorator]
    def glossary_page() -> str:
        env.page.meta["verified"] = min(term.verified for term in cdtref.glossary())
        env.page.meta["json_ld"] = head.glossary_terms(cdtref.glossary())
        return render("glossary.md")

    @env.macro  # type: ignore[untyped-decorator]
    def scenarios_page(theme: str) -> str:
        env.page.meta["search"] = {"boost": 0.5}  # examples come after answers
        found = [scenario for scenario in cdtref.scenarios() if scenario.theme == theme]
        title = words.label(cdtref.ScenarioTheme(theme))
        env.page.meta["description"] = head.of_scenarios(title)
        return render(
            "scenarios.md", theme=theme, title=title, scenarios=found, card=_scenario_card
        )

    @env.macro  # type: ignore[untyped-decorator]
    def scenarios_index() -> str:
        groups = [
            (theme.value, words.label(theme), [s for s in cdtref.scenarios() if s.theme is theme])
            for theme in cdtref.ScenarioTheme
        ]
        return render("scenarios-index.md", groups=groups)

    @env.macro  # type: ignore[untyped-decorator]
    def record_table(code: str) -> str:
        return render("record-table.md", items=cdtref.documentation(code))

    @env.macro  # type: ignore[untyped-decorator]
    def situations_list() -> str:
        return render("situations.md", situations=cdtref.situations())

    @env.macro  # type: ignore[untyped-decorator]
    def retention_table() -> str:
        return render("retention-table.md")

    @env.macro  # type: ignore[untyped-decorator]
    def coverage_table() -> str:
        found = [entry for entry in cdtref.coverage() if not entry.payer]
        return render("coverage-table.md", entries=found)

    @env.macro  # type: ignore[untyped-decorator]
    def payers_table() -> str:
        found = [entry for entry in cdtref.coverage() if entry.payer]
        return render("coverage-table.md", entries=found)

    @env.macro  # type: ignore[untyped-decorator]
    def outside_page() -> str:
        return render("outside.md")

    @env.macro  # type: ignore[untyped-decorator]
    def charges_table() -> str:
        return render("charges-table.md")

    @env.macro  # type: ignore[untyped-decorator]
    def denials_table() -> str:
        return render("denials-table.md")

    @env.macro  # type: ignore[untyped-decorator]
    def ingredients_table(prefix: str) -> str:
        found = [entry for entry in cdtref.ingredients() if entry.id.startswith(prefix)]
        if not found:
            raise ValueError(f"no ingredient begins with {prefix!r}")
        return render("ingredients-table.md", entries=found)

    @env.macro  # type: ignore[untyped-decorator]
    def letter_example(denial: str) -> str:
        entries = cdtref.situations()[1].note  # a scan before orthodontics
        note = {entry.item: entry.text for entry in entries}
        return render("letter-example.md", letter=cdtref.letter(denial, note))

    @env.macro  # type: ignore[untyped-decorator]
    def denial_page(denial: str) -> str:
        found = cdtref.denial(denial)
        # Its codes have pages of their own, which are the better hits for them.
        env.page.meta["tags"] = found.id.split("-")
        env.page.meta["search"] = {"boost": 2}
        env.page.meta["verified"] = found.verified
        _head(env, reasons.denial_title(found), reasons.denial_description(found))
        env.page.meta.setdefault("hide", ["toc"])
        env.page.meta["next"] = views.after_denial(found)
        return render("denial.md", denial=found)

    @env.macro  # type: ignore[untyped-decorator]
    def remittance_page(code: str) -> str:
        found = cdtref.remittance(code)
        env.page.meta["tags"] = [found.code, *reasons.spellings(found)]
        env.page.meta["verified"] = found.verified
        _head(env, reasons.remittance_title(found), reasons.remittance_description(found))
        env.page.meta["hide"] = ["toc", "navigation"]
        env.page.meta["above"] = {"Denials": "denials/"}
        env.page.meta["section"] = "denials/"
        return render("remittance.md", code=found)

    @env.macro  # type: ignore[untyped-decorator]
    def denials_page() -> str:
        return render("denials.md", table=Markup(denials_table()))

    @env.macro  # type: ignore[untyped-decorator]
    def checklist_page(code: str) -> str:
        found = cdtref.code(code)
        env.page.meta["short"] = code
        env.page.meta["description"] = head.of_checklist(found)
        env.page.meta["next"] = views.after_checklist(found)
        return render("checklist.md", code=found, items=cdtref.documentation(code))

    @env.macro  # type: ignore[untyped-decorator]
    def checklists_page() -> str:
        return render("checklists.md", codes=views.checklists())

    @env.macro  # type: ignore[untyped-decorator]
    def edition_name() -> str:
        return views.edition().id

    @env.macro  # type: ignore[untyped-decorator]
    def checks_table() -> str:
        rows = checks.rows(Path(env.conf["docs_dir"]))
        total = sum((row.holds for row in rows), Counter[Hold]())
        return render("checks-table.md", rows=rows, held=checks.HELD, total=total)

    @env.macro  # type: ignore[untyped-decorator]
    def columns_list() -> str:
        return render("columns.md", columns=FIELDS, required=REQUIRED)

    @env.macro  # type: ignore[untyped-decorator]
    def annotated_export() -> str:
        file = Path(env.conf["docs_dir"]) / "assets/export.csv"
        header, *rows = views.annotated(file)
        return render("annotated.md", header=header, rows=rows)

    @env.macro  # type: ignore[untyped-decorator]
    def findings_table() -> str:
        return render("findings.md", severities=cdtref.Severity, kinds=cdtref.Kind)

    @env.macro  # type: ignore[untyped-decorator]
    def drift_table() -> str:
        run = drift.read()
        return render(
            "drift-table.md", run=run, kinds=drift.KINDS, fates=drift.FATES, names=drift.BY
        )

    @env.macro  # type: ignore[untyped-decorator]
    def changes_table() -> str:
        return render("changes-table.md", steps=changed.steps(), told=history.told)

    @env.macro  # type: ignore[untyped-decorator]
    def forms_table() -> str:
        alike = groupby(advice.FORMS, attrgetter("check"))
        return render("forms.md", alike=[[form.pattern for form in forms] for _, forms in alike])


def _head(env: Any, title: str, description: str) -> None:
    """What the tab and a search engine show. The headings of these pages are short: no contents."""
    env.page.meta |= {"title": title, "description": description, "hide": ["toc"]}


_PIECE = re.compile(
    r"(<(a|autoref|code|summary|h\d|dt|script)\b.*?</\2>|<[^>]*>|\bD\d{4}\b)", re.DOTALL
)


def _link_codes(text: str, root: str, here: str) -> str:
    """Codes that a text of the knowledge names lead to their pages, wherever none does yet."""
    pages = {code.code: code.address for code in cdtref.all_codes() if code.address != here}

    def linked(piece: re.Match[str]) -> str:
        page = pages.get(piece[0])
        return f'<a class="code" href="{root}{page}">{piece[0]}</a>' if page else piece[0]

    lines = text.split("\n")
    # Headings, and what is written as a Markdown link, stay as they are.
    plain = [line for line in lines if not line.startswith("#") and "](" not in line]
    done = iter(_PIECE.sub(linked, "\n".join(plain)).split("\n"))
    return "\n".join(
        next(done) if not line.startswith("#") and "](" not in line else line for line in lines
    )


def _is_zensical(env: Any) -> bool:
    return type(env).__module__.startswith("zensical")


def _check_pages(env: Any) -> None:
    """What is missing is told at once, in place of the cross-references that fail without it."""
    if _is_zensical(env):  # which has made something else of the nav by now
        return
    wrong = pages.problems(Path(env.conf["docs_dir"]), _files(env.conf["nav"] or []))
    if wrong:
        raise BuildError("\n".join(["The pages do not fit the knowledge:", *wrong]))


def _check_sentences() -> None:
    """A false sentence stops the build, as a false card does: what is published is what ran."""
    wrong = [*map(str, holding.false(holding.everything())), *cards.false_scenarios()]
    if wrong:
        raise BuildError("\n".join(["What is published does not hold:", *wrong]))


def _files(nav: list[Any]) -> Iterator[str]:
    for entry in nav:
        inside = next(iter(entry.values())) if isinstance(entry, dict) else entry
        if isinstance(inside, list):
            yield from _files(inside)
        else:
            yield str(inside)


def _fill_frame(env: Any) -> None:
    """Gives the frame of the pages what the knowledge says, in place of what mkdocs.yml says.

    Zensical hands its settings to the frame before this runs. There they must be right already.
    """
    frame = views.frame()
    extra = env.conf["extra"]
    if _is_zensical(env):
        if any(extra.get(name) != value for name, value in frame.items()):
            lines = "\n".join(f'  {name}: "{value}"' for name, value in frame.items())
            raise BuildError(f"mkdocs.yml is out of date. It must have\nextra:\n{lines}")
        return
    extra |= frame


def _scenario_card(scenario: cdtref.Scenario) -> Markup:
    """A scenario under a heading that has its title and its address already."""
    shown = cards.shown_card(scenario.id)
    return Markup(cards.card_html(shown, titled=False))
