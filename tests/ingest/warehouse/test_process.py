"""What happened on the way to production is stored once, in order, and without credentials."""

from __future__ import annotations

import json
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ingest.observation import Observation
from ingest.pull import store_harvest
from ingest.source import Harvest
from ingest.warehouse import database
from ingest.warehouse.database import Warehouse, WarehouseError
from ingest.warehouse.process import (
    Deployment,
    ProcessError,
    ProcessEvent,
    ProcessKind,
    append_deployment,
    append_found_deployments,
    append_process_event,
    deployments,
    process_events,
    samples,
)
from models.frames import DEPLOYMENTS, PROCESS_EVENTS, SAMPLES, check_frame, empty_frame
from tests.testing.lake import as_another_process

START = datetime(2025, 9, 1, tzinfo=UTC)
SECRET = "ghp_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"
HOUR = timedelta(hours=1)


def test_frames_have_the_columns_of_the_tables(warehouse: Warehouse) -> None:
    """Each answer passes the check of its frame, with rows and without."""
    append_deployment(warehouse, Deployment("deploy", START, "one", "a" * 40, refused=("no",)), START)
    append_process_event(warehouse, ProcessEvent("drill", "rollback", START, "ann", "passed", 41.5), START)

    shown, acts = deployments(warehouse, START), process_events(warehouse, START, ["drill"])
    counted = samples(warehouse, ["m"], [""], START, START)

    assert shown is not None and acts is not None and counted is not None
    assert check_frame(shown, DEPLOYMENTS, "deployments")["id"].tolist() == ["deploy-1"]
    assert check_frame(acts, PROCESS_EVENTS, "acts")["seconds"].tolist() == [41.5]
    assert list(check_frame(counted, SAMPLES, "samples")) == list(empty_frame(SAMPLES))


def test_nobody_reads_what_happens_later(warehouse: Warehouse) -> None:
    """An answer as of a moment holds no event after it."""
    append_deployment(warehouse, Deployment("deploy", START + HOUR, "one", "a" * 40), START + HOUR)
    append_process_event(warehouse, ProcessEvent("message", "m", START + HOUR), START + HOUR)

    shown, acts = deployments(warehouse, START), process_events(warehouse, START)

    assert shown is not None and shown.empty
    assert acts is not None and acts.empty


def test_each_kind_of_act_is_found_alone_and_without_what_was_withdrawn(warehouse: Warehouse) -> None:
    """Within one state each question about acts gets the rows of its own kinds, in order, and no withdrawn one."""
    kinds: tuple[ProcessKind, ...] = ("drill", "message", "incident", "message", "signed_act")
    for n, kind in enumerate(kinds):
        event = ProcessEvent(kind, f"{kind}-{n}", START + n * HOUR, "ann", "passed")
        append_process_event(warehouse, event, START)
    append_process_event(warehouse, ProcessEvent("withdrawn", "receipt-1", START + 5 * HOUR, "ann", "message"), START)

    def found(*kinds: ProcessKind, also_withdrawn: bool = False) -> list[str]:
        frame = process_events(warehouse, START + 9 * HOUR, kinds, also_withdrawn=also_withdrawn)
        assert frame is not None
        assert list(frame.index) == list(range(len(frame)))
        return list(frame["id"])

    with warehouse.one_state():
        assert found("drill") == ["drill-0"]
        assert found("message") == ["message-3"]
        assert found("message", also_withdrawn=True) == ["message-1", "message-3"]
        assert found("incident", "drill") == ["drill-0", "incident-2"]
        assert found("withdrawn") == ["receipt-1"]
        assert found("signed_act") == ["signed_act-4"]
        assert found("step_run") == []


def test_a_deployment_judged_by_an_older_state_is_refused(warehouse: Warehouse) -> None:
    """Of two people who deploy at once, one gets the event and the other a sentence; nothing is stored twice."""
    outcomes: list[str] = []
    barrier = threading.Barrier(2)

    def deploy(name: str) -> None:
        barrier.wait()
        try:
            event = Deployment("deploy", START, "one", "a" * 40, by=name)
            outcomes.append(append_deployment(warehouse, event, START, after="").id)
        except ProcessError as problem:
            outcomes.append(str(problem))

    threads = [threading.Thread(target=deploy, args=(name,)) for name in ("ann", "bob")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(text.split(" (")[0] for text in outcomes) == [
        "another deployment was recorded meanwhile",
        "deploy-1",
    ]
    shown = deployments(warehouse, START)
    assert shown is not None and len(shown) == 1


def test_what_a_tag_shows_is_stored_once(warehouse: Warehouse) -> None:
    """The same tag read again adds no event; another source may have a tag of that name."""
    found = [Deployment("deploy", START, "one", "a" * 40, source="git-tags", external="deploy/one/1")]

    first = append_found_deployments(warehouse, found, START)
    second = append_found_deployments(warehouse, found, START + HOUR)
    same_name = Deployment("deploy", START, "", "a", source="github", external="deploy/one/1")
    other = append_found_deployments(warehouse, [same_name], START)

    assert [len(rows) for rows in (first, second, other)] == [1, 0, 1]


def test_events_hold_no_credentials(warehouse: Warehouse) -> None:
    """A token in any text of an event, also deep in its details, is stored redacted."""
    details = {"tail": [f"export TOKEN={SECRET}"], "ratio": float("nan")}
    append_process_event(warehouse, ProcessEvent("step_run", "s", START, outcome=SECRET, details=details), START)
    append_deployment(warehouse, Deployment("deploy", START, "one", "a", override=f"because {SECRET}"), START)

    acts, shown = process_events(warehouse, START), deployments(warehouse, START)

    assert acts is not None and shown is not None
    assert SECRET not in acts.to_csv() + shown.to_csv()
    assert json.loads(acts["details"][0])["ratio"] == "nan"


def test_an_older_warehouse_answers_nothing_and_grows(
    new_warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file of the version before has no events; the first event adds the tables and keeps the figures."""
    warehouse = new_warehouse
    monkeypatch.setattr(database, "MIGRATIONS", database.MIGRATIONS[:3])
    store_harvest(warehouse, "s", Harvest(observations=[Observation("m", START, 1.0, "percent")]), START)
    monkeypatch.undo()
    as_another_process(warehouse)

    before = (deployments(warehouse, START), process_events(warehouse, START))
    append_deployment(warehouse, Deployment("deploy", START, "one", "a" * 40), START)

    assert before == (None, None)
    assert warehouse.ask("SELECT count(*) AS n FROM observation")["n"].tolist() == [1]
    shown = deployments(warehouse, START)
    assert shown is not None and shown["stage"].tolist() == ["one"]


def test_a_question_that_an_older_warehouse_cannot_answer_names_the_next_step(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A column that a later schema brings is missing: one line says to pull, which brings the file up to date."""
    warehouse = Warehouse(tmp_path / "w.duckdb", "p")
    monkeypatch.setattr(database, "MIGRATIONS", database.MIGRATIONS[:1])
    with warehouse.writing() as connection:
        connection.execute('ALTER TABLE "commit" DROP COLUMN merged_by')
    monkeypatch.undo()
    as_another_process(warehouse)

    with pytest.raises(WarehouseError, match="older tminus: run `tminus pull`"):
        warehouse.query("commits")
    store_harvest(warehouse, "s", Harvest(observations=[Observation("m", START, 1.0, "percent")]), START)
    assert warehouse.query("commits").empty
