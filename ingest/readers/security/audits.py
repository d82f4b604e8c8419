"""Scanners of dependencies and images: npm audit, pip-audit, osv-scanner, Trivy, Grype."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ingest.readers.contract import Reader, ReadError, Reading, count, figure
from ingest.readers.security.findings import METRICS, SECRETS, SEVERITIES, Findings, severity_of_score
from ingest.readers.text.json import has, has_all, load_json, load_object, mapping, objects, sequence, text
from ingest.readers.text.report_paths import relative
from ingest.redaction import redact_words

_NPM_WORDS = {"critical": "critical", "high": "high", "medium": "moderate", "low": "low"}


def _detect_npm(head: bytes, name: str) -> float:
    of_six = has(head, "advisories", "*", "module_name") or (has(head, "advisories") and has(head, "metadata"))
    if has(head, "auditReportVersion") or of_six:
        return 0.97
    if has(head, "metadata", "vulnerabilities") and has(head, "vulnerabilities"):
        return 0.95
    return 0.8 if _is_npm_failure(head) else 0.0


def _is_npm_failure(head: bytes) -> bool:
    # npm 6 to 11 write {error: {summary}}, with or without a code; pnpm {error: {code: ERR_PNPM_...}};
    # npm 7 only the refused request itself.
    refused = has_all(head, "statusCode", "uri", "message") and b"/security/" in head
    return refused or has(head, "error", "summary") or (has(head, "error", "code") and b'"ERR_PNPM_' in head)


def _npm_error(document: Mapping[str, Any]) -> str:
    error = mapping(document.get("error"))
    words = (error.get("summary"), document.get("message"), error.get("message"), error.get("code"))
    return redact_words(next(filter(None, map(text, words)), ""))


def _npm_findings(document: Mapping[str, Any]) -> Findings:
    """The advisories of npm 6 and pnpm, or the packages of npm 7 and later."""
    findings = Findings("npm-audit")
    for advisory in mapping(document.get("advisories")).values():
        _npm_advisory(findings, mapping(advisory))
    packages = {} if "advisories" in document else mapping(document.get("vulnerabilities"))
    for package, entry in packages.items():
        titles = (text(cause.get("title")) for cause in objects(mapping(entry).get("via")))
        via = next(titles, "through a dependency")
        findings.add(text(mapping(entry).get("severity")), package, via, "package-lock.json", None, package)
    return findings


def read_npm_audit(data: bytes, name: str) -> Reading:
    """npm 7 and later count packages, npm 6 and pnpm advisories. npm's error document is unknown, not clean."""
    document = load_object(data)
    if "error" in document or "statusCode" in document:
        raise ReadError(f"npm audit failed: {_npm_error(document)[:120] or 'error document'}")
    findings = _npm_findings(document)
    version = count(document.get("auditReportVersion"))
    totals = mapping(mapping(document.get("metadata")).get("vulnerabilities"))
    if not findings.items and _looked_at(mapping(document.get("metadata"))) == 0:
        raise ReadError("npm audit looked at no dependency: unknown, not clean")
    if not findings.items and any(count(totals.get(word)) for word in ("low", "moderate", "high", "critical")):
        return _npm_totals(totals)
    if version and totals:
        findings.settle(_by_severity(totals))
    if not totals and not findings.items:
        raise ReadError("no vulnerabilities and no totals in the report: cut off")
    tool = "npm audit" if version else "npm audit (v6)"
    paths = () if version else _paths(totals, len(findings.items))
    return _reading("npm-audit", tool, str(version or 1), findings, paths)


def _looked_at(metadata: dict[str, Any]) -> int | None:
    """How many dependencies the tool looked at: npm 7 counts them by kind, npm 6 in one number."""
    of_seven = mapping(metadata.get("dependencies")).get("total")
    return count(metadata.get("totalDependencies") if of_seven is None else of_seven)


def _paths(totals: dict[str, Any], known: int) -> tuple[str, ...]:
    """npm 6 prints the paths that lead to its advisories."""
    stated = sum(count(totals.get(word)) or 0 for word in ("info", "low", "moderate", "high", "critical"))
    return (f"the tool counts {stated} paths to {known} advisories",) if stated > known else ()


def _npm_advisory(findings: Findings, advisory: dict[str, Any]) -> None:
    package, title = text(advisory.get("module_name")), text(advisory.get("title"))
    identity = advisory.get("id") or title
    findings.add(text(advisory.get("severity")), package, title, "package-lock.json", None, package, identity)


def _by_severity(totals: dict[str, Any]) -> dict[str, int | None]:
    """npm's totals in our words; what it calls info counts as low, as in its list."""
    low, info = count(totals.get("low")), count(totals.get("info"))
    counts = {word: count(totals.get(theirs)) for word, theirs in _NPM_WORDS.items()}
    return {**counts, "low": None if low is None else low + (info or 0)}


def _npm_totals(totals: dict[str, Any]) -> Reading:
    counts = _by_severity(totals)
    figures = tuple(figure(metric, counts[word]) for metric, word in zip(METRICS, SEVERITIES, strict=True))
    return Reading("npm-audit", "npm audit", "", figures, (), ("the report has only totals",))


def _detect_pip_audit(head: bytes, name: str) -> float:
    listed = has(head, "dependencies", "[]", "vulns") or has(head, "dependencies", "[]", "skip_reason")
    if listed:
        return 0.97
    if has_all(head, "dependencies", "fixes") and re.match(rb'\s*\{\s*"dependencies"\s*:\s*\[\s*\]', head):
        return 0.9  # an environment without a package
    return 0.9 if has(head, "[]", "vulns") and has(head, "[]", "name") else 0.0


def read_pip_audit(data: bytes, name: str) -> Reading:
    """pip-audit states no severity. Dependencies that it skipped are reported: they are unknown, not clean."""
    document = load_json(data)
    listed = document if isinstance(document, list) else mapping(document).get("dependencies")
    packages = list(objects(listed))
    if not packages:
        raise ReadError("pip-audit looked at no dependency")
    findings = Findings("pip-audit")
    skipped = sum(not _was_audited(package) for package in packages)
    repeated = 0
    for package in packages:
        label = text(package.get("name"))
        for found in objects(package.get("vulns")):
            rule = text(found.get("id"))
            repeated += not findings.add("", rule, f"in {label} {text(package.get('version'))}", "", None, label)
    notes = (f"{skipped} of {len(packages)} dependencies could not be audited and are unknown",) if skipped else ()
    if repeated:  # asked of OSV, which answers with a record of each database
        notes = (*notes, f"{repeated} findings that pip-audit lists again under the same name count once")
    if skipped == len(packages):
        raise ReadError(f"none of the {skipped} dependencies could be audited: zero findings would be no evidence")
    return _reading("pip-audit", "pip-audit", "", findings, notes)


def _was_audited(package: Mapping[str, Any]) -> bool:
    """Whether its vulnerabilities were looked up: one with a reason to skip it, or without their list, was not."""
    return "skip_reason" not in package and isinstance(package.get("vulns"), list)


def _detect_osv(head: bytes, name: str) -> float:
    return 0.95 if has(head, "results", "[]", "packages") or (has_all(head, "results", "experimental_config")) else 0.0


def read_osv(data: bytes, name: str) -> Reading:
    """Groups of aliases, so that a CVE and its GHSA count once; what its analysis calls unreachable does not count."""
    document = load_object(data)
    if not isinstance(document.get("results"), list):
        raise ReadError("no results in the osv-scanner report")
    findings = Findings("osv-scanner")
    left_out = 0
    for source in objects(document["results"]):
        path = text(mapping(source.get("source")).get("path"))
        for package in objects(source.get("packages")):
            left_out += _osv_package(findings, path, package)
    notes = (f"{left_out} vulnerabilities in code that is never called, or called unimportant, are left out",)
    return _reading("osv-scanner", "osv-scanner", "", findings, notes if left_out else ())


def _stated_severity(ids: Iterable[str], known: Mapping[str, Any]) -> str:
    """The first severity that the database of an advisory states in words."""
    words = (text(mapping(mapping(known.get(one)).get("database_specific")).get("severity")) for one in ids)
    return next(filter(None, words), "")


def _osv_package(findings: Findings, path: str, entry: dict[str, Any]) -> int:
    """Count the groups of a package; how many are left out, as osv-scanner itself does in its verdict."""
    left_out = 0
    package = mapping(entry.get("package"))
    name = f"{text(package.get('name'))} {text(package.get('version'))}"
    known = {text(v.get("id")): v for v in objects(entry.get("vulnerabilities"))}
    for group in _osv_groups(findings, name, known, entry):
        ids = [one for one in sequence(group.get("ids")) if isinstance(one, str)]
        if not ids:
            continue
        if _is_harmless(group):
            left_out += 1
            continue
        severity = severity_of_score(group.get("max_severity")) or _stated_severity(ids, known)
        findings.add(severity, sorted(ids)[0], f"in {name}", path, None, relative(path), text(package.get("name")))
    return left_out


def _osv_groups(findings: Findings, name: str, known: Mapping[str, Any], entry: dict[str, Any]) -> list[dict[str, Any]]:
    """The groups of a package, and each listed vulnerability that is in none of them."""
    groups = list(objects(entry.get("groups")))
    grouped = {text(one) for group in groups for one in (*sequence(group.get("ids")), *sequence(group.get("aliases")))}
    alone = [key for key in known if key not in grouped]
    if groups and alone:
        findings.contradict(f"{name}: {len(alone)} listed vulnerabilities are in none of its groups: they count, too")
    return [*groups, *({"ids": [key]} for key in alone)]


def _is_harmless(group: dict[str, Any]) -> bool:
    stated = mapping(group.get("experimental_analysis")) or mapping(group.get("experimentalAnalysis"))  # 2.x, 1.x
    analysed = [mapping(one) for one in stated.values()]
    if any(one.get("unimportant") is True for one in analysed):
        return True
    return bool(analysed) and all(one.get("called") is False for one in analysed)


# Where `trivy k8s` lists the workloads of a cluster, by version and by report.
_CLUSTER = ("Resources", "Findings", "Vulnerabilities", "Misconfigurations")
_LICENCES = frozenset({"license", "license-file"})
_SYSTEM_PACKAGES = ("deb", "rpm", "apk", "alpm", "portage")


def _detect_trivy(head: bytes, name: str) -> float:
    if has(head, "SchemaVersion") and (has(head, "ArtifactName") or has(head, "Results")):
        return 0.97
    if has(head, "ClusterName") and any(has(head, key, "[]", "Results") for key in _CLUSTER):
        return 0.95
    return 0.85 if has(head, "Results", "[]", "Target") or has(head, "[]", "Vulnerabilities") else 0.0


def read_trivy(data: bytes, name: str) -> Reading:
    """Vulnerabilities and failed checks by severity, secrets apart.

    The target of a lock file is its path. That of an image names its tag, which changes a scan: no identity.
    """
    document = load_json(data)
    targets = list(_trivy_targets(document))
    if not targets:
        raise ReadError("Trivy found no target that it can scan: unknown, not clean")
    kinds = {text(target.get("Class")) for target in targets}
    if kinds <= _LICENCES:
        raise ReadError("Trivy looked at licences alone: nothing is known of vulnerabilities")
    findings = Findings("trivy")
    for target in targets:
        _trivy_target(findings, target)
    findings.unread = _unscanned(document, kinds)
    figures = list(findings.figures())
    if kinds <= _LICENCES | {"secret"}:
        figures = [figure(metric, None, reason="Trivy found secrets and nothing else to scan") for metric in METRICS]
    if findings.counts["secret"] or "secret" in kinds:
        figures.append(figure(SECRETS, findings.counts["secret"]))
    version = text(mapping(mapping(document).get("Trivy")).get("Version"))
    return Reading("trivy", "trivy", version, tuple(figures), tuple(findings.items), findings.warnings())


def _end_of_life(document: object) -> str:
    """Why the packages of a system count as unknown: nobody publishes advisories for it any more."""
    system = mapping(mapping(mapping(document).get("Metadata")).get("OS"))
    name = f"{text(system.get('Family'))} {text(system.get('Name'))}".strip()[:60]
    is_over = system.get("EOSL") is True
    return f"{name} is past its end of life: there are no advisories for its packages any more" if is_over else ""


def _unscanned(document: object, kinds: set[str]) -> str:
    """What Trivy could not look at, in words."""
    return (_end_of_life(document) if "os-pkgs" in kinds else "") or _failed_workloads(document)


def _failed_workloads(document: object) -> str:
    """Why none found proves nothing: `trivy k8s` states an error for each workload that it could not scan."""
    failed = sum(bool(one.get("Error")) for key in _CLUSTER for one in objects(mapping(document).get(key)))
    return f"Trivy could not scan {failed} workloads of the cluster" if failed else ""


def _trivy_targets(document: object) -> Iterator[dict[str, Any]]:
    """A list before schema 2, `Results` since, and those of every workload of a cluster."""
    if isinstance(document, list):
        yield from objects(document)
        return
    yield from objects(mapping(document).get("Results"))
    for key in _CLUSTER:
        for workload in objects(mapping(document).get(key)):
            yield from objects(workload.get("Results"))


def _trivy_target(findings: Findings, target: dict[str, Any]) -> None:
    path = text(target.get("Target"))
    for found in objects(target.get("Vulnerabilities")):
        rule, package = text(found.get("VulnerabilityID")), text(found.get("PkgName"))
        place = text(found.get("PkgPath")) or (path if text(target.get("Class")) == "lang-pkgs" else "")
        words = f"in {package} {text(found.get('InstalledVersion'))}"
        findings.add(
            text(found.get("Severity")), rule, words, place, None, package, found.get("InstalledVersion"), place
        )
    failed = 0
    for found in objects(target.get("Misconfigurations")):
        if found.get("Status", "FAIL") == "FAIL":
            failed += 1
            line = mapping(found.get("CauseMetadata")).get("StartLine")
            rule = text(found.get("ID"))
            findings.add(text(found.get("Severity")), rule, text(found.get("Title")), path, line, path, line)
    findings.settle_total(count(mapping(target.get("MisconfSummary")).get("Failures")), failed, "failed checks", path)
    for found in objects(target.get("Secrets")):
        findings.secret(
            text(found.get("RuleID")), path, found.get("StartLine"), found.get("RuleID"), found.get("StartLine")
        )


def _detect_grype(head: bytes, name: str) -> float:
    if has(head, "matches", "[]", "vulnerability") or (has(head, "matches") and has(head, "descriptor")):
        return 0.97
    return 0.8 if has_all(head, "matches", "source", "distro") else 0.0


def read_grype(data: bytes, name: str) -> Reading:
    """Matches by severity; ignored ones are in a list of their own.

    A system's package is one thing in however many files it is noted; a library counts once a place.
    """
    document = load_object(data)
    if not isinstance(document.get("matches"), list):
        raise ReadError("no matches in the Grype report")
    findings = Findings("grype", unread=_bad_database(mapping(document.get("descriptor"))))
    for match in objects(document["matches"]):
        vulnerability, artifact = mapping(match.get("vulnerability")), mapping(match.get("artifact"))
        package, version = text(artifact.get("name")), text(artifact.get("version"))
        path = next((text(place.get("path")) for place in objects(artifact.get("locations"))), "")
        rule, words = text(vulnerability.get("id")), f"in {package} {version}"
        where = "" if text(artifact.get("type")) in _SYSTEM_PACKAGES else path
        findings.add(text(vulnerability.get("severity")), rule, words, path, None, package, version, where)
    return _reading("grype", "grype", text(mapping(document.get("descriptor")).get("version")), findings, ())


def _bad_database(descriptor: Mapping[str, Any]) -> str:
    """Why none found proves nothing: Grype says that its database is too old or damaged."""
    database = mapping(descriptor.get("db"))
    status = mapping(database.get("status")) or database
    why = text(status.get("error")) or ("it is not valid" if status.get("valid") is False else "")
    return f"Grype calls its database unfit: {redact_words(why)[:120]}" if why else ""


def _reading(form: str, tool: str, version: str, findings: Findings, notes: tuple[str, ...]) -> Reading:
    return Reading(form, tool, version, findings.figures(), tuple(findings.items), (*findings.warnings(), *notes))


READERS = (
    Reader("npm-audit", "npm audit JSON", "npm 6, npm 7 and later, pnpm, yarn 3", METRICS, _detect_npm, read_npm_audit),
    Reader("pip-audit", "pip-audit JSON", "pip-audit 1.1, 2.10", METRICS, _detect_pip_audit, read_pip_audit),
    Reader(
        "osv-scanner", "osv-scanner JSON", "osv-scanner 1.4, 1.7; 1.6, 2.5 (figures)", METRICS, _detect_osv, read_osv
    ),
    Reader("trivy", "Trivy JSON", "Trivy 0.59; schema 1, 0.20, 0.69 (figures)", METRICS, _detect_trivy, read_trivy),
    Reader("grype", "Grype JSON", "Grype 0.24 to 0.96 (figures)", METRICS, _detect_grype, read_grype),
)
assert len(SEVERITIES) == len(METRICS)
