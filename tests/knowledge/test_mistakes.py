"""A mistake in a TOML file names the file, the entry, the field, and what was expected."""

import re
import shutil
from pathlib import Path

import pytest

import cdtref
from cdtref.compiling import KNOWLEDGE, compiled_text
from cdtref.compiling.__main__ import main
from cdtref.errors import KnowledgeError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the knowledge that a test may break."""
    return Path(shutil.copytree(KNOWLEDGE, tmp_path / "knowledge"))


def change(folder: Path, file: str, was: str, now: str) -> None:
    """Replaces the first place that matches; a test that changes nothing would test nothing."""
    path = folder / file
    text = path.read_text(encoding="utf-8")
    changed = re.sub(was, lambda _: now, text, count=1, flags=re.MULTILINE | re.DOTALL)
    assert changed != text, was
    path.write_text(changed, encoding="utf-8")


def mistakes(folder: Path) -> str:
    with pytest.raises(KnowledgeError) as caught:
        compiled_text(folder)
    assert caught.value.mistakes
    return "\n".join(caught.value.mistakes)


LATEST = max(edition.until for edition in (*cdtref.editions(), *cdtref.announced()))


def later(year: int) -> str:
    return (
        f'\n[[edition]]\nid = "CDT {year}"\nsince = {year}-01-01\nuntil = {year}-12-31\n'
        'changes = "x"\nsources = ["ada-cmc"]\nconfidence = "low"\n'
    )


ANNOUNCED = f"{later(LATEST.year + 1)}announced = true\n"
ENCODED = later(LATEST.year + 2)
STONE = "services/stone-cast.toml"
RULE = r'\[\[rule\]\]\nid = "stone-cast"\n'
ITS_RULE = '[[rule]]\nid = "stone-cast"\n'


@pytest.mark.parametrize(
    ("file", "was", "now", "told"),
    [
        (
            "services/impression-scan.toml",
            "Do you accept D0802",
            "Do you accept D0803",
            "`ask`: asks for D0803, which is neither in `codes` nor in `exceptions`",
        ),
        # What a code is not for.
        (
            "codes.toml",
            r'\{ service = "intraoral-scan" \}',
            '{ service = "stone-cast" }',
            r"codes.toml: code 'D0470': `not_for\[0\].service`: stone-cast reports it by D0470",
        ),
        (
            "codes.toml",
            r'\{ what = "images viewed[^\n]*',
            "{},",
            r"code 'D0395': `not_for\[\d\]`: give `service`, `what`, or both",
        ),
        # Syntax and shape.
        (
            STONE,
            r"\[\[rule\]\]",
            "[[rule]",
            "stone-cast.toml: not readable as TOML: .*line",
        ),
        (
            STONE,
            r"\[\[rule\]\]",
            "[[rules]]",
            "stone-cast.toml: table `rules`: unknown; expected service, rule; did you mean",
        ),
        (STONE, RULE, f'{ITS_RULE}note = "x"\n', "unknown field `note`"),
        (
            STONE,
            'outcome = "rep',
            'outcom = "rep',
            "`outcom`; did you mean 'outcome'?",
        ),
        (
            STONE,
            r"\[defaults\]",
            '[defaults]\nconfidance = "low"',
            "did you mean 'confidence'",
        ),
        (
            "scenarios/scans.toml",
            r"\[\[scenario\]\]\n",
            '[[scenario]]\ntheme = "scans"\n',
            "`theme`: the name of the file says it; leave it out",
        ),
        (
            STONE,
            'theme = ".*?"',
            'theme = "modles"',
            "`theme`: .*expected one of models, sc",
        ),
        (
            "sources/code-set.toml",
            'read = ".*?"',
            'read = "unsen"',
            "expected one of full, part, unseen",
        ),
        (
            STONE,
            'verdict = "no"',
            'verdict = "nay"',
            r"`exceptions\[0\].verdict`: .* one of yes",
        ),
        (
            STONE,
            "review_due = .*?\n",
            "review_due = 1999-01-01\n",
            "is before `verified`",
        ),
        (
            STONE,
            r'codes = \["D0470"\]',
            'codes = "D0470"',
            "`codes`: Expected `array`",
        ),
        (
            STONE,
            r'codes = \["D0470"\]',
            "codes = [470]",
            r"`codes\[0\]`: Expected `str`",
        ),
        (
            STONE,
            'outcome = "reported"',
            'outcome = "billed"',
            "`outcome`: Invalid enum",
        ),
        (
            "services/intraoral-scan.toml",
            "until = 2022-12-31",
            'until = "12/31/2022"',
            "`until`: expected a date such",
        ),
        (STONE, 'outcome = "reported"\n', "", "required field `outcome`"),
        ("codes.toml", 'code = "D0470"\n', "", "code 'number 1': .*required field `code`"),
        ("codes.toml", 'text = "Diagnostic casts"', "text = 1", r"`titles\[0\].text`: Expected"),
        ("knowledge.toml", "version = .*", "version = 2026", "knowledge.toml: `version`: expected"),
        # Ids and references.
        (STONE, RULE, '[[rule]]\nid = "impression-only"\n', "`id`: used twice"),
        (
            STONE,
            RULE,
            '[[rule]]\nid = "Stone Cast"\n',
            "`id`: expected lower-case words",
        ),
        (
            "questions/d0470-digital.toml",
            r'services = \["intraoral-scan"\]',
            'services = ["scan"]',
            r"`services\[0\]`: no service has the id 'scan'",
        ),
        (
            STONE,
            r'codes = \["D0470"\]',
            'codes = ["D0471"]',
            "no code has the id 'D0471'",
        ),
        (
            STONE,
            '"delta-dental-fyi-2026", "prac',
            '"delta", "prac',
            "no source has the id",
        ),
        (
            "questions/d0470-digital.toml",
            r"\[\[event\]\]\n",
            '[[event]]\nabout = "d0470-print"\n',
            "`about`: the name of the file says it; leave it out",
        ),
        (
            "sources/code-set.toml",
            'relayed_by = "delta',
            'relayed_by = "gamma',
            "`relayed_by`: no source",
        ),
        (
            "sources/vendor.toml",
            'repeats = "daydream',
            'repeats = "dreamday',
            "`repeats`: no source has the id",
        ),
        (
            "sources/vendor.toml",
            'repeats = "daydream-d0395"',
            'repeats = "teero-d0395"',
            "'teero-d0395': `repeats`: names the source itself; name the page",
        ),
        (
            "sources/vendor.toml",
            'id = "daydream-d0395"\n',
            'id = "daydream-d0395"\nrepeats = "daydream-d0394"\n',
            "'teero-d0395': `repeats`: 'daydream-d0395' repeats another itself; name the first",
        ),
        (
            "questions/d0395-surface.toml",
            'source = "teero-d0395"',
            'source = "teero-d0395"\nrepeats = "daydream-d0395"\nsells = true',
            "(?s)`repeats`: comes from the source; leave it out.*`sells`: comes from",
        ),
        (
            "scenarios/dates-and-editions.toml",
            r'did = \["stone-cast"\]',
            'did = ["cast"]',
            "no service has the id 'cast'",
        ),
        (
            "guides/delta-dental-fyi-2026.toml",
            'service = "stone-cast"',
            'service = "x"',
            r"`claims\[0\].service`: no",
        ),
        # Editions, and through when each fact was looked at.
        (
            "editions.toml",
            r'sources = \["studyres-cdt-2017"\]',
            "sources = []",
            "an edition needs one",
        ),
        (
            "editions.toml",
            "since = 2016-01-01",
            "since = 2016-02-01",
            "CDT 2016': `until`: expected 2016-01-01 to 2016-12-31: an edition governs a calendar",
        ),
        ("editions.toml", "until = 2014-12-31", "until = 9999-12-31", "governs a calendar year"),
        ("editions.toml", 'id = "CDT 2014"', 'id = "CDT 2099"', "expected 'CDT 2014', by its"),
        (
            "editions.toml",
            r'\[\[edition\]\]\nid = "CDT 2016".*?\n\n',
            "",
            "CDT 2017': `since`: expected 2016-01-01, after CDT 2015: no gap",
        ),
        (
            "editions.toml",
            r"\Z",
            later(2016),
            "`id`: used twice",
        ),
        (
            "editions.toml",
            r"\Z",
            later(2013),
            "CDT 2013': stands after CDT 20.*; put the editions in order of year",
        ),
        ("editions.toml", r"\Z", ANNOUNCED, "`not_read`: an announced edition says it"),
        (
            "editions.toml",
            r"\Z",
            f'{ANNOUNCED}not_read = "x"\n{ENCODED}',
            ", before it, is not encoded yet",
        ),
        ("editions.toml", r"\Z", f'{ENCODED}not_read = "x"\n', "belongs to an announced edition"),
        (
            STONE,
            "holds_through = .*?\n",
            "",
            r"required field `holds_through` is missing: give it in \[defaults\]",
        ),
        (
            STONE,
            RULE,
            f"{ITS_RULE}holds_through = 2099-12-31\n",
            "rule 'stone-cast': `holds_through`: 2099-12-31 is after the last encoded edition",
        ),
        (
            "services/in-office-print.toml",
            'id = "in-office-print-from-2024"\n',
            'id = "in-office-print-from-2024"\nholds_through = 2023-12-31\n',
            "`holds_through`: 2023-12-31 is before `since`, 2024-01-01",
        ),
        (
            "codes.toml",
            'code = "D0470"\n',
            'code = "D0470"\nholds_through = 2025-12-31\n',
            "code 'D0470': `holds_through`: was looked at through 2025-12-31, and would answer",
        ),
        (
            "questions/d0470-digital.toml",
            'id = "d0470-digital-aao"\n',
            'id = "d0470-digital-aao"\nholds_through = 2025-12-31\n',
            "position 'd0470-digital-aao': `holds_through`: was looked at through 2025-12-31",
        ),
        (
            STONE,
            'code = "D0396", verdict',
            'holds_through = 2025-12-31, code = "D0396", verdict',
            r"rule 'stone-cast': `exceptions\[0\]\.holds_through`: was looked at through",
        ),
        (
            STONE,
            RULE,
            f'{ITS_RULE}address = "x"\n',
            "`address`: is worked out; leave it out",
        ),
        (
            "questions/d0470-digital.toml",
            'stance = "yes"\n',
            'stance = "yes"\ncodes = ["D0801"]\n',
            "`codes`: goes with a stance of 'no' or 'included' only",
        ),
        # What every fact must have.
        (STONE, 'why = ".*?"', 'why = ""', "`why`: is empty"),
        (STONE, 'why = "', 'why = " ', "`why`: has spaces at an end"),
        (
            "codes.toml",
            r"sources = \[.*?\]",
            "sources = []",
            "`sources`: is empty; name a source",
        ),
        (
            STONE,
            'verified = "2026-11"',
            'verified = "Nov"',
            "expected a month such as",
        ),
        (
            "services/impression-only.toml",
            "Without a cast",
            "Without D9999",
            "speaks of D9999, which is not in codes",
        ),
        (
            "questions/d0470-digital.toml",
            r"\[\[position\]\]\n",
            '[[position]]\npublisher = "x"\n',
            "comes from the source",
        ),
        # The decision table.
        (
            "services/intraoral-scan.toml",
            "until = 2022-12-31",
            "until = 2022-12-30",
            "leaves a gap for intraoral-scan",
        ),
        (
            "services/intraoral-scan.toml",
            "until = 2022-12-31",
            "until = 2023-01-01",
            "overlaps another rule",
        ),
        (
            "services/intraoral-scan.toml",
            r'\[\[rule\]\]\nid = "intraoral-scan-from-2023".*',
            "",
            "service 'intraoral-scan': no rule of it answers from 2023-01-01",
        ),
        (
            STONE,
            r'codes = \["D0470"\]\n',
            "",
            "an outcome 'reported' names at least one",
        ),
        (
            "services/duplicate-models.toml",
            'outcome = "no-code"',
            'outcome = "no-code"\ncodes = ["D0470"]',
            "names none",
        ),
        (
            "services/aligner-scan.toml",
            'part_of = ".*?"\n',
            "",
            "`part_of`: goes with the outcome 'included'",
        ),
        (
            "services/in-office-print.toml",
            'ask = ".*?"\n',
            "",
            "`ask`: where a code is unsettled, the rule says what to ask",
        ),
        (
            STONE,
            r'codes = \["D0470"\]',
            'codes = ["D0396"]',
            "D0396 is not in effect through",
        ),
        (
            STONE,
            'code = "D0396"',
            'code = "D0470"',
            "D0470 is in `codes` already",
        ),
        (
            STONE,
            'verdict = "no"',
            'verdict = "yes"',
            "a 'yes' belongs in `codes`",
        ),
        # Dates and use.
        (
            "scenarios/stone-models.toml",
            "on = 2026-02-10",
            "on = 2099-02-10",
            "2099-02-10 is outside the encoded",
        ),
        (
            "codes.toml",
            "until = 2024-12-31",
            "until = 2022-12-31",
            "2022-12-31 is before `since`, 2023-01-01",
        ),
        ("sources/code-set.toml", 'id = "ada-glossary"', 'id = "unused"', "nothing refers to it"),
        (
            "remittances.toml",
            r"\[\[remittance\]\]\n",
            '[[remittance]]\nid = "9"\ncode = "9"\nkind = "carc"\ngloss = "x"\nsources = []\n'
            'confidence = "unverified"\n\n[[remittance]]\n',
            "remittance '9': no denial names it",
        ),
        (
            "guides/practicealpha-d0470.toml",
            r"\[\[statement\]\]\n",
            '[[statement]]\nsource = "ada-glossary"\n',
            "`source`: the name of the file says it; leave it out",
        ),
        # What would crash or mislead later.
        (
            "codes.toml",
            r'titles = \[\{ text = "Diagnostic casts" \}\]',
            "titles = []",
            "at least one",
        ),
        (
            "codes.toml",
            "until = 2024-12-31 },",
            "until = 2026-06-30 },",
            "`titles`: '3D intraoral.*' must begin after '3D dental.*' has ended",
        ),
        ("codes.toml", "until = 2022-12-31", "until = 2099-12-31", "is after the last encoded"),
        (
            "services/intraoral-scan.toml",
            "until = 2022-12-31",
            "until = 9999-12-31",
            "`until`: 9999-12-31 is after the last encoded edition",
        ),
        ("knowledge.toml", "version = .*", 'version = "abc"', "expected text such as '2026.11.0'"),
        (
            "codes.toml",
            r"\[defaults\].*?\n\n",
            "defaults = 5\n\n",
            r"write \[defaults\], with single",
        ),
        (
            "scenarios/dates-and-editions.toml",
            "on = 2024-01-02, bill",
            "on = 2023-12-30, bill",
            "'scan-2023-print-2024': `then`: a later visit has an earlier date",
        ),
        (
            "scenarios/dates-and-editions.toml",
            r'not = \["D0396", "D0470"\]',
            'not = ["D0470"]',
            "'scan-and-lab-print-2024': `not`: lacks D0396, of which `why` says",
        ),
        (
            "sources/society.toml",
            'url = "https://www2.aaoinfo.org/coming[^\n]*\ndate = "2022"\nnote = [^\n]*\n',
            'url = ""\ndate = "2022"\n',
            "source 'aao-coming-soon-2023': `url`: is empty; a `note` must say why",
        ),
        ("vocabulary.toml", r'same = \["pt"\]', 'same = ["Pt."]', "in small letters, got 'Pt.'"),
        (
            "vocabulary.toml",
            r'kinds = \["plan"',
            'kinds = ["a plan"',
            "small letters, got 'a plan'",
        ),
        (
            "vocabulary.toml",
            'id = "before-a-remittance-code"',
            'id = "before-a-code"',
            "`id`: one must be 'before-a-remittance-code', words that the search treats apart",
        ),
        # Values beside words.
        (
            "remittances.toml",
            'code = "97"',
            'code = "1019"',
            "remittance '97': `code`: expected '97', as the id is",
        ),
        (
            "remittances.toml",
            'code = "97"\nkind = "carc"',
            'code = "97"\nkind = "rarc"',
            "remittance '97': `kind`: expected 'carc', by the form of 97",
        ),
        (
            "denials.toml",
            r'carcs = \["97", "234"\]',
            'carcs = ["97", "n130"]',
            r"denial 'bundled': `carcs\[1\]`: n130 is a rarc, not a carc",
        ),
        (
            "denials.toml",
            'first = "chart"\notherwise = "withdraw"',
            'first = "withdraw"',
            "denial 'bundled': `first`: to withdraw the line goes with the remedy 'withdraw'",
        ),
        (
            "denials.toml",
            'remedy = "appeal"',
            'remedy = "withdraw"',
            "denial 'bundled': `first`: to withdraw the line goes with the remedy 'withdraw'",
        ),
        ("denials.toml", 'first = "keep"', 'first = "plan"', "'keep' goes with the remedy 'none'"),
        ("denials.toml", 'first = "chart"', 'first = "send"', "'send' goes with the remedy 'res"),
        (
            "denials.toml",
            'otherwise = "withdraw"',
            'otherwise = "appeal"',
            "denial 'bundled': `otherwise`: is the remedy itself",
        ),
        (
            "charges.toml",
            'may_charge = "no"',
            'may_charge = "yes"',
            "charge 'in-network-disallowed': `may_charge`: 'yes', and `answer` says no",
        ),
        (
            "charges.toml",
            r'answer = "\*No\*\{: data-fact=may_charge \}, by',
            'answer = "Yes, by',
            "charge 'group-code-co': `may_charge`: 'no', and `answer` says yes",
        ),
        (
            "denials.toml",
            r'withdraw_if = \["retake"\]\n',
            "",
            "denial 'frequency': `withdraw_if`: goes with the answer 'withdraw', and only with it",
        ),
        (
            "denials.toml",
            r'avoid = \["later-purpose"\]',
            'withdraw_if = ["step"]',
            "denial 'no-purpose': `withdraw_if`: goes with the answer 'withdraw', and only with it",
        ),
        (
            "denials.toml",
            r'correct_if = \["attachment"\]\n',
            "",
            "denial 'attachment': `correct_if`: say what calls for the corrected claim",
        ),
        (
            "denials.toml",
            r'avoid = \["merits"\]',
            'correct_if = ["code"]',
            "denial 'appeal-not-heard': `correct_if`: neither answer has to do with a wrong line",
        ),
        (
            "record.toml",
            "years = 5",
            "years = 6",
            "`years`: 6, and `says` does not say so many years",
        ),
        (
            "charges.toml",
            'may_charge = "no"',
            'may_charge = "never"',
            "one of yes, no, depends, ask",
        ),
        # A text names only what its entry links to.
        (
            STONE,
            "poured in stone. No source",
            "poured in stone, not D0803. No source",
            "rule 'stone-cast': `why`: names D0803, which nothing in the entry links to; add it to",
        ),
        (
            STONE,
            "poured in stone. No source",
            "poured in stone since 1987. No source",
            "`why`: names 1987, which nothing in the entry links to; add it to `numbers`",
        ),
        (
            STONE,
            "poured in stone. No source",
            "poured in stone within 45 days. No source",
            "`why`: names 45, which nothing in the entry links to; add it to `numbers`",
        ),
        (
            STONE,
            "poured in stone. No source",
            "poured in stone, says Anaya Dental. No source",
            "`why`: names Anaya Dental, which nothing in the entry links to; add it to `sources`",
        ),
        (
            "charges.toml",
            "The payer treats the amount as",
            "As with N522, the payer treats the amount as",
            "charge 'group-code-co': `answer`: names N522, which nothing .* add it to `remarks`",
        ),
        (
            "remittances.toml",
            "in \\*six months\\*",
            "in seven months",
            "remittance 'n411': `gloss`: names seven, which nothing in the entry links to",
        ),
        (
            "coverage.toml",
            'date = "1998"',
            'date = "2018"',
            "coverage 'delta-ca-casts': `date`: '2018' is in nothing noted of its sources",
        ),
        (
            "coverage.toml",
            'scope = "One employer\'s plan sheet"',
            'scope = "All of its plans"',
            "coverage 'cigna-casts': `scope`: 'all' is in nothing noted of its sources",
        ),
        (
            "coverage.toml",
            "makes them from an iTero scan",
            "makes them from a Trios scan",
            "coverage 'nc-medicaid-digital-models-2021': `says`: 'Trios' is in nothing noted",
        ),
        (
            "questions/d0470-digital.toml",
            'says = "Four codes for surface scans',
            'says = "Six codes for surface scans',
            "position 'd0470-digital-aao': `says`: 'Six' is in nothing noted of its sources",
        ),
        (
            "denials.toml",
            'remedy = "verify"',
            'remedy = "appeal"',
            "denial 'frequency': `remedy`: 'appeal' does not follow from the first move 'plan'",
        ),
        (
            "services/mounted-analysis.toml",
            ", beside = true",
            "",
            "rule 'mounted-analysis': `exceptions`: D0470: `beside` goes with a `why` that says",
        ),
        (
            "record.toml",
            "as of March 2025",
            "as of March 2015",
            "retention 'texas': `where`: '2015' is in nothing noted of its sources",
        ),
        (
            "record.toml",
            'where = "Texas, ',
            'where = "Ohio, ',
            "retention 'texas': `where`: 'Ohio' is in nothing noted of its sources",
        ),
        (
            "record.toml",
            "years = 5",
            "years = 21",
            "`years`: 21, and `says` does not say so many years",
        ),
        (
            "services/lab-print.toml",
            r'status = "inferred"\nsources = [^\n]*\nconfidence = "medium"',
            'status = "inferred"\nsources = ["delta-dental-fyi-2026"]\nconfidence = "high"',
            "rule 'lab-print-from-2024': `confidence`: what is inferred is never 'high'",
        ),
        (
            "charges.toml",
            'may_charge = "ask"',
            'may_charge = "yes"',
            "charge 'words-differ': `may_charge`: 'yes', and `answer` does not begin so",
        ),
        (
            "glossary.toml",
            r'\[\[term\]\]\nid = "diagnostic-cast"\n',
            '[[term]]\nid = "diagnostic-cast"\nmentions = ["D0804"]\n',
            "`mentions`: no text of the entry names D0804; leave it out",
        ),
        (
            "glossary.toml",
            r'\[\[term\]\]\nid = "diagnostic-cast"\n',
            '[[term]]\nid = "diagnostic-cast"\nnumbers = [77]\nremarks = ["N522"]\n',
            "`numbers`: no text of the entry names 77; leave it out",
        ),
        (
            "services/digital-impression.toml",
            "place of the impression, ",
            "place of the impression, within ten days, ",
            "names ten, which nothing in the entry links to",
        ),
        (
            STONE,
            r"exceptions = \[\n",
            'exceptions = [\n  { code = "D0396", verdict = "no", why = "x", '
            'sources = ["aae-2024"], confidence = "low" },\n',
            "rule 'stone-cast': `exceptions`: D0396 stands twice; one code, one exception",
        ),
        (
            "services/intraoral-scan.toml",
            "until = 2014-12-31",
            "since = 2001-01-01\nuntil = 2014-12-31",
            "`since`: 2001-01-01 is before the first encoded edition; leave it out",
        ),
        # Work outside this topic, and what is looked at beside it.
        (
            "outside.toml",
            r'ranges = \["D9947"\]',
            'ranges = ["D9947-D9944"]',
            r"outside 'sleep-appliances': `ranges\[0\]`: expected a code, or two as 'D9944-D9946'",
        ),
        (
            "outside.toml",
            r'ranges = \["D9947"\]',
            'ranges = ["9947"]',
            r"`ranges\[0\]`: expected a code, or two as 'D9944-D9946', the lower first, got '9947'",
        ),
        (
            "outside.toml",
            r'ranges = \["D9947"\]',
            'ranges = ["D9946-D9947"]',
            "`ranges`: D9946-D9947 overlaps D9944-D9946 of 'guards'; a code is of one kind",
        ),
        (
            "outside.toml",
            r'ranges = \["D9947"\]\n',
            "",
            r"`company\[0\].beside`: 'sleep-appliances' has no `ranges`",
        ),
        (
            "cautions.toml",
            r"again = true",
            "again = false",
            r"caution 'direct-and-indirect-scan': `company\[0\]`: give either `beside` or `again`",
        ),
        (
            "cautions.toml",
            r"when = \[\]\ncompany = .*?\n",
            "when = []\n",
            "caution 'scan-beside-a-device': `when`: is empty, and so is `company`",
        ),
        (
            "cautions.toml",
            r'"dentures", "implant',
            '"denture", "implant',
            "no outside has the id 'denture'",
        ),
        # Words.
        (
            "outside.toml",
            'words = \\["Canada"',
            'words = ["iTero"',
            "'iTero' leads to service 'intraoral-scan' already; a word has one owner",
        ),
        (
            "services/working-model.toml",
            r"also = \[",
            'also = ["Plaster_Model", ',
            "service 'working-model': `also`: 'Plaster_Model' leads to service 'stone-cast'",
        ),
        (
            "glossary.toml",
            r'also = \["aligners"',
            'also = ["Plaster-model"',
            "term 'clear-aligner': `also`: 'Plaster-model' leads to service 'stone-cast' already",
        ),
        (
            "codes.toml",
            r'also = \["3D photographic image"',
            'also = ["plaster model"',
            "code 'D0351': `also`: 'plaster model' leads to service 'stone-cast' already",
        ),
        (
            "questions/d0395-surface.toml",
            r"also = \[",
            'also = ["plaster model", ',
            "question 'd0395-surface': `also`: 'plaster model' leads to service 'stone-cast'",
        ),
        (
            STONE,
            r"shared = \[",
            'shared = ["iTero", ',
            "`shared`: 'iTero' is a name of service 'intraoral-scan'; a shared word is the name of",
        ),
        (
            STONE,
            r"shared = \[",
            'shared = ["scan body", ',
            "`shared`: 'scan body' is a name of term 'scan-body'; a shared word is the name",
        ),
        (
            STONE,
            r"shared = \[",
            'shared = ["tooth pictures", ',
            "`shared`: no other service shares 'tooth pictures'; put it in `also`, or leave it out",
        ),
        (STONE, "act = .*?\n", "", "'stone-cast': `use`: goes with `act`, and only with it"),
        (STONE, "\nuse = .*?\n", "\n", "'stone-cast': `use`: goes with `act`, and only with it"),
        (
            STONE,
            "act = .*?\n",
            'act = "Model of wax"\n',
            "'stone-cast': `act`: no other service has 'Model of wax'; an act has several uses",
        ),
        (
            STONE,
            "\nuse = .*?\n",
            '\nuse = "To build a device"\n',
            "'stone-cast': `use`: working-model has it as well; each use of an act differs",
        ),
        # What belongs where.
        (STONE, r"\[\[rule\]\].*", "", "service 'stone-cast': no rule of it answers from"),
        (STONE, r"\[service\].*?\n\n", "", "has no \\[service\\]"),
        (STONE, r"\[service\]", "[[service]]", r"write \[service\], with one bracket"),
        (STONE, r"\[\[rule\]\]", "[rule]", r"write \[\[rule\]\], with two brackets"),
        (
            STONE,
            r"\[service\]\n" + 'id = "stone-cast"',
            '[service]\nid = "cast"',
            "`id`: expected 'stone-cast', the name of its file",
        ),
        (STONE, RULE, f'[[term]]\nid = "x"\n\n{ITS_RULE}', "`term`: belongs in glossary.toml, not"),
        ("glossary.toml", r"\Z", '\n[[scenario]]\nid = "x"\n', r"belongs in scenarios/\*\.toml"),
    ],
)
def test_a_mistake_is_told(folder: Path, file: str, was: str, now: str, told: str) -> None:
    change(folder, file, was, now)
    found = mistakes(folder)
    assert re.search(told, found), found
    assert file in found


@pytest.mark.parametrize(
    ("kind", "file"),
    [
        ("denial", "denials.toml"),
        ("charge", "charges.toml"),
        ("coverage", "coverage.toml"),
        ("topic", "topics.toml"),
    ],
)
def test_a_word_has_one_owner_whatever_the_kind(folder: Path, kind: str, file: str) -> None:
    """Whether or not its first entry has words already."""
    before, head, after = (folder / file).read_text("utf-8").partition(f"[[{kind}]]\n")
    entry, *others = re.split(r"(?m)^(?=\[\[)", after, maxsplit=1)
    entry = re.sub(r"(?m)^also = \[.*?\]\n", "", entry, flags=re.DOTALL)
    text = "".join([before, head, 'also = ["plaster model"]\n', entry, *others])
    (folder / file).write_text(text, encoding="utf-8")
    told = f"{kind} '.*': `also`: 'plaster model' leads to service 'stone-cast' already"
    assert re.search(told, mistakes(folder))


def test_an_edition_that_is_only_announced_answers_nothing(folder: Path) -> None:
    path = folder / "editions.toml"
    text = re.sub(r"(?m)^(announced|not_read) = .*\n", "", path.read_text("utf-8"))
    text = re.sub(r"(?m)^(id = .*\n)", r'\1announced = true\nnot_read = "x"\n', text)
    path.write_text(text, encoding="utf-8")
    assert "edition 'CDT 2014': `announced`: at least one edition must be enc" in mistakes(folder)


def test_a_silent_scenario_needs_its_question(folder: Path) -> None:
    path = folder / "scenarios/units-and-repeats.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(re.sub(r'(?m)^ask = ".*"\n', "", text), encoding="utf-8")
    assert "where sources are silent, say what to ask the payer" in mistakes(folder)


def test_a_question_needs_a_position(folder: Path) -> None:
    path = folder / "questions/d0395-surface.toml"
    text = path.read_text(encoding="utf-8")
    silent = re.sub('stance = "(yes|no|included)"', 'stance = "silent"', text)
    path.write_text(re.sub(r"(?m)^codes = .*\n", "", silent), encoding="utf-8")
    assert "question 'd0395-surface': no position answers it" in mistakes(folder)


@pytest.mark.parametrize(
    "name", ["note.toml", "service/x.toml", "services/deep/x.toml", "services/x.txt", "rule.toml"]
)
def test_a_file_in_the_wrong_place_is_told(folder: Path, name: str) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("", encoding="utf-8")
    (told,) = mistakes(folder).splitlines()
    assert told.startswith(f"{name}: no such file belongs here; expected services/*.toml")


def test_a_file_that_holds_nothing_is_told(folder: Path) -> None:
    (folder / "services/new.toml").write_text("", encoding="utf-8")
    assert "services/new.toml: has no [service]" in mistakes(folder)


def test_what_follows_from_an_unreadable_entry_is_not_told_on_top_of_it(folder: Path) -> None:
    """One mistake, one message: not a gap in the table, and no ids that do not exist."""
    change(folder, STONE, r'theme = "models"', 'theme = "modles"')
    (told,) = mistakes(folder).splitlines()
    assert "`theme`" in told


def test_a_list_of_numbers_is_no_entry(folder: Path) -> None:
    (folder / "glossary.toml").write_text("#:schema schema/glossary.json\nterm = [1, 2]\n", "utf-8")
    assert "glossary.toml: table `term`: write [[term]], with two brackets" in mistakes(folder)


@pytest.mark.parametrize("name", [".DS_Store", "services/.x.toml.swp", "services/x.toml~"])
def test_what_an_editor_drops_is_no_mistake(folder: Path, name: str) -> None:
    (folder / name).write_text("x", encoding="utf-8")
    compiled_text(folder)


def test_the_worklist_tells_a_source_that_does_not_exist(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    change(folder, "codes.toml", r'sources = \["', 'sources = ["nope", "')
    assert main(["--next"], folder) == 1
    assert "code 'D0470': `sources[0]`: no source has the id 'nope'" in capsys.readouterr().err


def test_a_missing_file_is_told(folder: Path) -> None:
    (folder / "glossary.toml").unlink()
    assert "no [[term]] in any file" in mistakes(folder)


def test_a_rule_that_outlives_its_code_is_told_with_both_spans(folder: Path) -> None:
    change(folder, "codes.toml", 'code = "D0396"\n', 'code = "D0396"\nuntil = 2025-12-31\n')
    (told,) = mistakes(folder).splitlines()
    assert told.startswith("services/in-office-print.toml: rule 'in-office-print-from-2024'")
    assert "from 2024-01-01 to 2025-12-31; end the rule where the code ends with `until`" in told


def test_a_missing_default_is_told_once(folder: Path) -> None:
    change(folder, "codes.toml", "holds_through = .*?\n", "")
    (told,) = mistakes(folder).splitlines()
    assert told.startswith("codes.toml: required field `holds_through` is missing")


def test_a_missing_version_is_told(folder: Path) -> None:
    (folder / "knowledge.toml").unlink()
    assert "knowledge.toml: is missing" in mistakes(folder)


def test_a_wrong_edition_is_told_without_all_that_follows_from_it(folder: Path) -> None:
    change(folder, "editions.toml", "since = 2016-01-01", "since = 2016-02-01")
    (told,) = mistakes(folder).splitlines()
    assert told.startswith("editions.toml: edition 'CDT 2016'")


def test_a_file_in_another_encoding_is_told(folder: Path) -> None:
    (folder / "glossary.toml").write_bytes("é".encode("latin-1"))
    assert "glossary.toml: not readable as TOML" in mistakes(folder)


def test_all_mistakes_are_told_at_once(folder: Path) -> None:
    change(folder, STONE, 'outcome = "reported"', 'outcome = "billed"')
    change(folder, "codes.toml", 'code = "D0470"\n', "")
    found = mistakes(folder)
    assert STONE in found
    assert "codes.toml" in found


def test_the_knowledge_as_it_stands_holds_together(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    assert "holds together" in capsys.readouterr().out


def test_the_command_lists_mistakes_and_fails(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    change(folder, STONE, 'outcome = "reported"', 'outcome = "billed"')
    assert main([], folder) == 1
    assert "services/stone-cast.toml: rule 'stone-cast': `outcome`" in capsys.readouterr().err


def test_a_review_that_is_due_is_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--due", "2026-12-31"]) == 0
    assert "No review is due" in capsys.readouterr().out
    assert main(["--due", "2030-01-01"]) == 1
    listed = capsys.readouterr().out
    assert re.search(r"(?m)^ {5}rule: .*\bstone-cast\b", listed)
    assert re.search(r"(?m)^ {5}denial: .*\bbundled\b", listed)


def test_a_review_is_listed_source_by_source(capsys: pytest.CaptureFixture[str]) -> None:
    """Each fact once; what follows from other facts is not asked for."""
    main(["--due", "2030-01-01"])
    listed = capsys.readouterr().out
    numbers = [int(n) for n in re.findall(r"(?m)^ *(\d+)\. ", listed)]
    assert numbers == list(range(1, len(numbers) + 1))
    assert "scenario" not in listed
    heads = re.findall(r"(?m)^ *\d+\. .* \(([\w-]+)\)", listed)
    assert len(heads) > 50
    for source in map(cdtref.source, heads):  # one that can be opened
        assert source.read != "unseen" or not source.relayed_by
    ids = re.findall(r"[\w-]+", re.sub(r"(?m)^ *\d+\. .*$", "", listed))
    assert ids.count("aligner-scan") == 2  # the service and its rule
