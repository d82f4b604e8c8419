"""A whole custom source: rollback drills out of a CSV file with the columns at, seconds."""

import csv
import hashlib
from datetime import datetime

from ingest.observation import Evidence, Observation
from ingest.source import Harvest, Request, SourceError

DEFINITION = "drills-1"  # raise it when the source counts differently: old and new figures are then never compared


class RollbackDrills:
    """Made without arguments, once a pull."""

    name = "drills"

    def observe(self, request: Request) -> Harvest:
        """Hand over the drills that are later than the marker; the marker is the time of the last one."""
        path = request.root / request.settings.get("file", "drills.csv")
        try:
            data = path.read_bytes()
        except OSError as problem:
            raise SourceError(f"{path}: {problem.strerror}; name the file in sources.drills.file") from None
        # The same bytes are the same evidence.
        digest = hashlib.sha256(data).hexdigest()
        proof = Evidence(f"drills:{digest[:20]}", path.name, digest, "drills", path=path.name)
        harvest = Harvest(evidence=[proof], marker=request.marker)
        for line, row in enumerate(csv.DictReader(data.decode("utf-8").splitlines()), 2):
            if row["at"] > request.marker:
                harvest.observations.append(_observation(row, proof.id, f"{path.name}:{line}"))
                harvest.marker = max(harvest.marker, row["at"])
        harvest.counts = {"drills": len(harvest.observations)}
        return harvest


def _observation(row: dict[str, str], evidence: str, place: str) -> Observation:
    at = datetime.fromisoformat(row["at"])
    try:
        seconds, reason = float(row["seconds"]), ""
    except ValueError:
        # What cannot be read is unknown and says why; it is never left out and never zero.
        seconds, reason = None, f"{place}: {row['seconds']!r} is no number"
    return Observation(
        "rollback_seconds", at, seconds, "seconds", evidence=evidence, definition=DEFINITION, reason=reason
    )
