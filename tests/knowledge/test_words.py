"""Words that people use, and the one thing each leads to.

The list was gathered by a reader who tried them and got nowhere. Every one must have exactly one
owner: a service, a term, a denial, or what lies outside this topic.
"""

from collections.abc import Iterator

import pytest

import cdtref

DEVICES = """
occlusal guard, nightguard, splint, bite splint, nti, mouthguard, bruxism, sleep appliance,
whitening, whitening tray, bleaching tray, retainer, essix, vivera, idb tray, indirect bonding
"""
PRODUCTS = """
clincheck, suresmile, 3shape, trios, medit, dolphin, orthocad, stl, sprintray, print lab,
open dental, dentrix, eaglesoft, carestream, curve
"""
WORK = """
tmj, smile design, dsd, mock-up, molds, ortho records, work-up, records visit, deband,
photogrammetry, vsp, scan body, digital impression, hygienist, who can scan, free scan, no charge
"""
CLAIMS = """
downgraded, downcoded, waiver, hmo, modifier, tooth number, place of service, icd, cpt, medical
"""
PAYERS = """
medicaid, tricare, delta dental, metlife, cigna, unitedhealthcare, devoted health, aetna, guardian,
humana, blue cross, bcbs, anthem, new york medicaid
"""
COUNTRIES = "canada, australia, united kingdom, other countries"

WORDS = [
    word.strip()
    for words in (DEVICES, PRODUCTS, WORK, CLAIMS, PAYERS, COUNTRIES)
    for word in words.replace("\n", " ").split(",")
]

DEVICES_OUTSIDE = """
night guard, occlusal guard, bite splint, mouthguard, sleep appliance, oral appliance,
digital denture, printed denture, printed crown, temporary crown, whitening tray
"""


def plain(word: str) -> str:
    return " ".join(word.lower().replace("-", " ").split())


def owners(word: str) -> Iterator[tuple[str, str]]:
    """Whatever has the word among its names; a term that names a service counts as the service."""
    wanted = plain(word)
    for service in cdtref.services():
        if word == service.id or wanted in map(plain, (service.short, *service.also)):
            yield "service", service.id
    for term in cdtref.glossary():
        if word == term.id or wanted in map(plain, (term.term, *term.also)):
            yield ("service", term.service) if term.service else ("term", term.id)
    for denial in cdtref.denials():
        if word == denial.id or wanted in map(plain, (denial.reason, *denial.also)):
            yield "denial", denial.id
    for entry in cdtref.outside():
        if word == entry.id or wanted in map(plain, (entry.short, *entry.words)):
            yield "outside", entry.id


@pytest.mark.parametrize("word", WORDS)
def test_a_word_leads_to_one_thing(word: str) -> None:
    found = set(owners(word))
    assert len(found) == 1, f"{word!r} leads to {sorted(found) or 'nothing'}"


@pytest.mark.parametrize("word", [word.strip() for word in DEVICES_OUTSIDE.split(",")])
def test_the_name_of_a_device_is_no_name_of_the_scan_for_it(word: str) -> None:
    """Else a guard that was made would be answered as the scan, with nothing to bill."""
    assert {kind for kind, _ in owners(word)} == {"outside"}


def test_an_ambiguous_word_is_not_taken_for_one_of_its_meanings() -> None:
    """A digital impression is a scan kept as a record to some, a step of a crown to others."""
    names = {
        plain(name) for service in cdtref.services() for name in (service.short, *service.also)
    }
    assert "digital impression" not in names
    assert set(owners("digital impression")) == {("term", "digital-impression")}


SHARED = """
digital impression, scan, digital scan, print, printed models, models, setup, final scan,
final records, debond scan, refinement scan, model for retainer, denture scan, fusion, simulation,
teledentistry
"""


@pytest.mark.parametrize("word", [word.strip() for word in SHARED.replace("\n", " ").split(",")])
def test_a_word_with_several_meanings_is_shared(word: str) -> None:
    """A claim file that says it names no service; a search offers each."""
    sharing = [service.id for service in cdtref.services() if word in map(plain, service.shared)]
    assert len(sharing) > 1
    assert "service" not in {kind for kind, _ in owners(word)}


def test_a_3d_scan_is_a_scan_of_the_mouth() -> None:
    """It was said to be shared, by nobody: of all services one only is called so."""
    assert set(owners("3d scan")) == {("service", "intraoral-scan")}
    assert cdtref.service("3D scan").id == "intraoral-scan"


def test_every_use_of_an_act_is_told_apart() -> None:
    uses = [(service.act, service.use) for service in cdtref.services() if service.act]
    assert len(set(uses)) == len(uses)
    assert {act for act, _ in uses} == {"Scan of the mouth", "Model poured in stone", "3D print"}
    assert all(len(text) < 50 and not text[0].islower() for use in uses for text in use)
