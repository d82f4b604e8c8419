"""What a phrase that names a metric consists of."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that name metrics: every metric of the tuple is demanded by one figure.

    `zero` marks a phrase that demands none without a figure ("all tests pass"); `extra` are words that are harmless
    beside this phrase only; `needs` are words that must be elsewhere in the clause ("response time < 200 ms (p95)").
    """

    pattern: re.Pattern[str]
    metrics: tuple[str, ...]
    zero: bool = False
    extra: frozenset[str] = frozenset()
    needs: re.Pattern[str] | None = None


def phrase(metrics: str, *patterns: str, zero: bool = False, extra: str = "", needs: str = "") -> Phrase:
    """A phrase of whole words; `metrics` and `extra` are separated by spaces."""
    needed = whole_words(needs) if needs else None
    return Phrase(whole_words(*patterns), tuple(metrics.split()), zero, frozenset(extra.split()), needed)


def whole_words(*patterns: str) -> re.Pattern[str]:
    """One pattern for all, which matches no part of a word and no part of a hyphenated one."""
    joined = "|".join(f"(?:{pattern})" for pattern in patterns)
    return re.compile(rf"(?<![\w-])(?:{joined})(?![\w-])")


# Words beside what is counted: "found in the code", "remaining", "bekannte", "pendientes".
COUNTED = """
    found left remaining remain remains open exist exists existing present detected reported unresolved known in
    outstanding there here active
    gefunden offen offene offenen vorhanden bekannt bekannte bekannten verbleibende verbleibenden übrig im
    trouvé trouvée trouvés trouvées restant restante restants restantes détecté détectée détectées détectés connue
    connues connu connus ouverte ouvertes présent présents
    abierta abierto abiertas abiertos encontradas encontrados pendientes detectadas detectados conocidas conocidos
    existen quedan
    aberta aberto abertas abertos encontrados pendentes restantes conhecidas conhecidos
    aperta aperto aperte aperti trovate trovati rilevate rilevati rimanenti note noti
    gevonden openstaande resterende bekende aanwezig
"""
# Where code lies.
CODE = f"""
    {COUNTED} src source sources code codebase repository repo git history committed commited checked into version
    control anywhere from dans en nel no código codigo codice quellcode sorgente fuente fonte base dépôt repositorio
    repositório broncode
"""
