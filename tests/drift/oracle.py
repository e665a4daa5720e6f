"""Says whether a changed sentence is still true, from the files alone: no checker, no library."""

import datetime as dt
import re
from typing import Any

from cdtref.compiling.checks import Tables

_WHEN = r"(?: (?P<when>in|before|since) (?P<year>\d{4}))?"
_CODES = r"(?P<codes>D\d{4}(?:,? (?:and |or )?D\d{4})*)"
_TOLD = {
    rf"(?:Bill|Add|Report|Use) {_CODES} for (?P<service>.+?){_WHEN}": ("yes",),
    rf"{_CODES} (?:is for|names|covers|describes|is the code for) (?P<service>.+?){_WHEN}": (
        "yes",
    ),
    rf"(?:Do not (?:bill|report|use)|Never bill) {_CODES} for (?P<service>.+?){_WHEN}": ("no",),
    rf"{_CODES} (?:is not for|does not (?:name|cover|describe)) (?P<service>.+?){_WHEN}": ("no",),
    rf"{_CODES} for (?P<service>.+?) is (?:unsettled|not settled){_WHEN}": ("unsettled",),
    rf"Whether {_CODES} (?:covers|covered) (?P<service>.+?) is (?:open|not settled){_WHEN}": (
        "unsettled",
    ),
}
_OUTCOMES = {
    rf"(?P<service>.+?) has no code of its own{_WHEN}": "no-code",
    rf"(?P<service>.+?) is (?:unsettled|not settled){_WHEN}": "unsettled",
    rf"No source says how to report (?P<service>.+?){_WHEN}": "unsettled",
}
_DATES = {
    rf"{_CODES} has (?:existed|been in force) since (?P<year>\d{{4}})": ("since", "{}-01-01"),
    rf"{_CODES} began in (?P<year>\d{{4}})": ("since", "{}-01-01"),
    rf"{_CODES} began on January 1, (?P<year>\d{{4}})": ("since", "{}-01-01"),
    rf"{_CODES} ended on December 31, (?P<year>\d{{4}})": ("until", "{}-12-31"),
}


class Oracle:
    """What the files say of codes, services and days."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        encoded = [one for one in tables["edition"].values() if not one["announced"]]
        self.last: dt.date = encoded[-1]["until"]
        self.days = [day for one in encoded for day in (one["since"], one["until"])]
        self.services = {
            _plain(name): id
            for id, service in tables["service"].items()
            for name in (id, service["short"], service["phrase"], *service["also"])
        }

    def is_true(self, sentence: str) -> bool | None:
        """Whether it is true; None for a sentence that this oracle does not understand."""
        text = sentence.removesuffix(".")
        for read in (self._of_a_code, self._of_a_service, self._of_dates, self._of_a_dispute):
            if (found := read(text)) is not None:
                return found
        return self._of_the_record(text)

    def _of_a_code(self, text: str) -> bool | None:
        for pattern, wanted in _TOLD.items():
            if told := re.fullmatch(pattern, text):
                return self._holds(told, lambda *given, w=wanted: self._verdict(*given) in w)
        return None

    def _of_a_service(self, text: str) -> bool | None:
        for pattern, outcome in _OUTCOMES.items():
            if told := re.fullmatch(pattern, text):
                return self._holds(told, lambda rule, *_, o=outcome: rule["outcome"] == o)
        if told := re.fullmatch(rf"We infer the answer on (?P<service>.+?){_WHEN}", text):
            return self._holds(told, lambda rule, *_: rule["status"] == "inferred")
        sure = rf"Our confidence on (?P<service>.+) is (?P<how>\w+){_WHEN}"
        if told := re.fullmatch(sure, text):
            how = told["how"]
            return self._holds(told, lambda rule, *_: rule["confidence"] == how)
        return None

    def _of_dates(self, text: str) -> bool | None:
        for pattern, (field, day) in _DATES.items():
            if told := re.fullmatch(pattern, text):
                on = dt.date.fromisoformat(day.format(told["year"]))
                found = [self.tables["code"].get(code, {}) for code in _codes(told)]
                ended = " has " in text and any(one.get("until") for one in found)
                return not ended and all(one.get(field) == on for one in found)
        return None

    def _of_a_dispute(self, text: str) -> bool | None:
        some = r"(?P<some>Sources disagree|No source disagrees)"
        if told := re.fullmatch(rf"{some} on {_CODES} for (?P<service>.+?)", text):
            service = self.services.get(_plain(told["service"]))
            split = {self._disputed(code, service) for code in _codes(told)}
            return split == {told["some"] == "Sources disagree"}
        says = rf"(.+) (says|implies) {_CODES} (covers|does not cover) (.+)"
        if told := re.fullmatch(says, text):
            return any(
                position["publisher"] == told[1]
                and position["implied"] == (told[2] == "implies")
                and (position["stance"] == "yes") == (told[4] == "covers")
                and self.tables["question"][position["about"]]["code"] == told["codes"]
                for position in self._positions(self.services.get(_plain(told[5])))
            )
        return None

    def _of_the_record(self, text: str) -> bool | None:
        if told := re.fullmatch(rf"Record (?P<items>[a-z ,]+?) for {_CODES}", text):
            wanted = {_plain(item) for item in re.split(r", | and ", told["items"])}
            return all(wanted <= self._required(code) for code in _codes(told))
        if told := re.fullmatch(r"(CARC|RARC) (\w+) points to “(.+)”", text):
            field, id = f"{told[1].lower()}s", told[2].lower()
            found = [one for one in self.tables["denial"].values() if one["reason"] == told[3]]
            return any(id in one[field] for one in found)
        return None

    def _required(self, code: str) -> set[str]:
        subject = self.tables["code"].get(code, {}).get("subject")
        return {
            _plain(item["label"])
            for item in self.tables["item"].values()
            if item["required"] and (code in item["codes"] or (not item["codes"] and subject))
        }

    def _holds(self, told: re.Match[str], says: Any) -> bool | None:
        found = told.groupdict()
        service = self.services.get(_plain(found["service"]))
        codes = re.findall(r"D\d{4}", found.get("codes") or "") or [""]
        days = self._days(found["when"], found["year"])
        rules = [(self._rule(service, day), day) for day in days]
        if service is None or not days:
            return None
        return all(says(rule, code, day) for rule, day in rules for code in codes)

    def _days(self, when: str | None, year: str | None) -> list[dt.date]:
        if not when or not year:
            return [self.last]
        of = int(year)
        meant = {"in": lambda y: y == of, "before": lambda y: y < of, "since": lambda y: y >= of}
        return [day for day in self.days if meant[when](day.year)]

    def _rule(self, service: str | None, day: dt.date) -> dict[str, Any]:
        rules = self.tables["rule"].values()
        found = [rule for rule in rules if rule["service"] == service and _within(rule, day)]
        nothing = dict.fromkeys(("outcome", "codes", "exceptions", "status", "confidence"), "")
        return found[0] if found else nothing

    def _verdict(self, rule: dict[str, Any], code: str, day: dt.date) -> str:
        if not _within(self.tables["code"].get(code, {"since": dt.date.max}), day):
            return "no"
        for part in rule["exceptions"]:
            if part["code"] == code and _within(part, day):
                return "no" if part["verdict"] == "included" else str(part["verdict"])
        if code in rule["codes"]:
            return "yes" if rule["outcome"] == "reported" else str(rule["outcome"])
        return "no"

    def _disputed(self, code: str, service: str | None) -> bool:
        """Whether a position says otherwise, of this code or, where it is right, of another one."""
        rule = self._rule(service, self.last)
        right = self._verdict(rule, code, self.last) == "yes"
        for position in self._positions(service):
            asked = self.tables["question"][position["about"]]["code"]
            if asked == code and (position["stance"] == "yes") != right:
                return True
            other = asked not in rule["codes"] and position["stance"] == "yes"
            if right and other and _within(self.tables["code"][asked], self.last):
                return True
        return False

    def _positions(self, service: str | None) -> list[dict[str, Any]]:
        return [
            position
            for position in self.tables["position"].values()
            if service in self.tables["question"][position["about"]]["services"]
            and position["stance"] in ("yes", "no", "included")
            and _within(position, self.last)
        ]


def _codes(told: re.Match[str]) -> list[str]:
    return re.findall(r"D\d{4}", told["codes"])


def _within(span: dict[str, Any], day: dt.date) -> bool:
    since, until = span.get("since"), span.get("until")
    return (since is None or since <= day) and (until is None or day <= until)


def _plain(text: str) -> str:
    words = re.sub(r"[-,]", " ", text.lower()).split()
    return " ".join(word for word in words if word not in ("a", "an", "the"))
