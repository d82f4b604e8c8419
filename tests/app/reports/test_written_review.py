"""The written review: the same words and sums in every form, the same bytes for ever, and readable everywhere."""

from __future__ import annotations

import html as html_library
import io
import json
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from app.command_line.parser import main
from app.reports.pdf import pdf_bytes
from app.reports.pictures import pictures
from app.reports.svg import COLOURS
from app.reports.writing import render, write_pictures
from app.steps.review import review as review_step
from app.wording.movement import movement_parts, total_points
from app.workspace import WEEK, UsageError, Workspace
from tests.testing.sample import sample_in

ROW = re.compile(r"^\| ([+−]?\d+(?:\.\d+)?) \| (.+?) \|", re.MULTILINE)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return sample_in(tmp_path_factory.mktemp("demo"))


@pytest.fixture(scope="module")
def review(workspace: Workspace) -> dict:
    return review_step(workspace, workspace.now() - WEEK, workspace.now())


@pytest.fixture(scope="module")
def pdf(review: dict) -> bytes:
    try:
        return pdf_bytes(render(review, "html"))
    except UsageError as problem:
        pytest.skip(f"no PDF on this machine: {problem}")


def value(words: str) -> float:
    return float(words.replace("−", "-").replace("+", ""))


def test_the_parts_of_the_movement_sum_alike_in_every_form(review: dict, pdf: bytes) -> None:
    """Markdown, HTML, PDF and JSON of one review give the same parts, and they sum to the same change."""
    parts = movement_parts(review["moved"])
    expected = {part.name: part.label for part in parts}
    sums = round(total_points(review["moved"]), 1)

    section = render(review, "md").split("## What moved")[1].split("\n## ")[0]
    markdown = {name: points for points, name in ROW.findall(section)}
    page = render(review, "html").split("What moved</h2>")[1].split("</table>")[0]
    cells = [re.findall(r"<td[^>]*>(.*?)</td>", row) for row in re.findall(r"<tr>(.*?)</tr>", page, re.DOTALL)]
    tabled = {html_library.unescape(row[1]): row[0] for row in cells if row and "<strong>" not in row[0]}
    drawn = dict(re.findall(r"<title>([^<]+): ([+−]\d+(?:\.\d)?) points</title>", page))
    printed = pdf_text(pdf)

    assert expected == markdown == tabled == drawn
    assert all(re.search(rf"{re.escape(label)}\s+{re.escape(name)}", printed) for name, label in expected.items())
    for found in (markdown, tabled, drawn):
        assert sum(map(value, found.values())) == pytest.approx(sums, abs=1e-9)
    moved = json.loads(json.dumps(review))["moved"]
    exact = [c["points"] for c in moved["criteria"]] + [p["points"] for p in moved["lost_evidence"]]
    exact += [p["points"] for p in moved["plan_edits"]] + [moved["readiness"]["cap"] or 0.0]
    assert sum(exact) == pytest.approx(moved["readiness"]["change"], abs=0.01)
    assert round(moved["readiness"]["change"], 1) == pytest.approx(sums)


def pdf_text(pdf: bytes) -> str:
    from pypdf import PdfReader

    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


def test_the_pdf_says_what_the_page_says(review: dict, pdf: bytes) -> None:
    """Every heading and the verdict are in the PDF, on A4, and a second rendering gives the same bytes."""
    from pypdf import PdfReader

    text = pdf_text(pdf)
    headings = re.findall(r"^## (.+)$", render(review, "md"), re.MULTILINE)
    box = PdfReader(io.BytesIO(pdf)).pages[0].mediabox

    assert all(" ".join(heading.split()) in text for heading in headings)
    assert (round(float(box.width)), round(float(box.height))) == (595, 842)
    assert pdf_bytes(render(review, "html")) == pdf


def test_every_picture_is_xml_with_words_and_known_colours(review: dict) -> None:
    """Each picture works alone: well-formed, named for those who cannot see it, with a dark form for each colour."""
    drawn = [one for found in pictures(review).values() for one in found]

    assert [one.name for one in drawn] == ["what-moved", "blockers", "promised-odds", "course"]
    for one in drawn:
        tree = ET.fromstring(one.svg)
        assert len(tree.attrib["aria-label"]) > 20
        assert not any(part in one.svg for part in ("nan", "inf", "<script", "href"))
        used = set(re.findall(r'class="[fs]-(\w+)"', one.svg))
        assert used <= set(COLOURS)
        right = [float(x) for x in re.findall(r'\bx="([\d.]+)"', one.svg)]
        assert max(right) <= 480


def test_deployments_are_lines_and_beside_the_forecast(review: dict) -> None:
    """Both pictures of the course have a line for a deployment of these weeks, and the text names it."""
    shown = {
        "at": f"{review['course'][5]['day'][:10]}T10:00:00+00:00",
        "kind": "deploy",
        "title": "Beta",
        "environment": "",
    }
    older = {**shown, "at": "2001-01-01T10:00:00+00:00", "title": "Old"}
    drawn = pictures({**review, "deployments": [older, shown]})["The course of the date"]

    for one in drawn:
        assert (
            one.svg.count(">Beta</text>") == 1 and "Dashed vertical lines: Beta on" in one.svg and "Old" not in one.svg
        )
    assert "Deployed: Old on 1 Jan 2001 and Beta on " in render({**review, "deployments": [older, shown]}, "md")


def test_pictures_are_written_as_svg_and_png(review: dict, tmp_path: Path) -> None:
    """A folder gets each picture twice; the PNG is twice its size."""
    pytest.importorskip("resvg_py")
    written = write_pictures(review, tmp_path / "charts")

    assert {path.suffix for path in written} == {".svg", ".png"}
    png = (tmp_path / "charts" / "what-moved.png").read_bytes()
    assert png.startswith(b"\x89PNG")
    assert int.from_bytes(png[16:20]) == 960


def test_a_review_without_course_or_moves_is_still_whole(review: dict) -> None:
    """A frozen answer of an earlier version, and a week in which nothing moved, give a page without those pictures."""
    old = {name: part for name, part in review.items() if name != "course"}
    still = {**review["moved"], "criteria": [], "lost_evidence": [], "plan_edits": []}
    still["readiness"] = {**still["readiness"], "cap": 0.0, "change": 0.0, "after": still["readiness"]["before"]}
    page = render({**old, "moved": still}, "html")

    assert "The course of the date" not in page
    assert "No criterion moved in this window." in page
    assert page.count("<figure>") == 1


def test_weeks_without_a_date_are_one_sentence(review: dict) -> None:
    """Where no week gave a date or odds, the review says that once and lists no week."""
    blank = dict.fromkeys(("p25", "p50", "p75", "p80", "promised_odds"))
    course = [{**point, **blank, "outcome": "not_enough_evidence"} for point in review["course"]]
    page = render({**review, "course": course}, "md")

    assert "No forecast of the last 13 weeks gave a date or odds: too little was known." in page
    assert "| Made on |" not in page


def test_a_pdf_is_a_file(workspace: Workspace, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without --output the command says what to add; a frozen review is written as PDF, too."""
    config = ["--config", str(workspace.path)]
    assert main(["review", *config, "--format", "pdf"]) == 2
    assert "add --output review.pdf" in capsys.readouterr().err
    place = tmp_path / "frozen.pdf"
    assert main(["review", *config, "--frozen", "--format", "pdf", "--output", str(place)]) == 0
    assert place.read_bytes().startswith(b"%PDF")


def test_a_frozen_review_outlives_later_evidence(workspace: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    """The same bytes in every form after figures for its days were found later; --now shows these."""
    import duckdb

    def frozen(*more: str) -> str:
        main(["review", "--config", str(workspace.path), "--frozen", "2025-11-14", *more])
        return capsys.readouterr().out

    forms = ("md", "html", "json")
    first = [frozen("--format", form) for form in forms]
    with duckdb.connect(str(workspace.config.warehouse)) as warehouse:
        warehouse.execute(
            "INSERT INTO observation SELECT * REPLACE (99 AS value, now() AS recorded_at) "
            "FROM observation WHERE metric = 'coverage_line_percent'"
        )
    assert [frozen("--format", form) for form in forms] == first
    compared = " ".join(frozen("--now").split())
    assert re.search(r"Test Coverage .*failing, 12\.\d% .*passing, 99%", compared)
