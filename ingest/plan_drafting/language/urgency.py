"""Words of a box and of the headings above it -> whether it blocks, and whether its figures may be bound at all."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from ingest.plan_drafting.language.headings import is_neutral
from ingest.readers.documents.checklist_model import Section

_BLOCKS = (
    r"(?:launch |release |go-?live )?blockers?|blocking|must[- ]haves?|critical|mandatory|p0|blockierend|zwingend"
    r"|bloquante?|bloqueantes?|obligatoire|obligatori[oa]|obrigat[oó]ri[oa]|bloccante|bloqueador|blokkerend|verplicht"
)
_LETS = (
    r"nice[- ]to[- ]haves?|optional|non-?[- ]?blocking|not (?:a )?block(?:er|ing)|should[- ]haves?|could[- ]haves?"
    r"|kein blocker|low priority|p[1-4]|facultati[fv]e?|opcional|opzionale|optioneel|wünschenswert|bonus|stretch"
)
_WORD_OF_URGENCY = re.compile(r"\b(?:CRITICAL|BLOCKER|MUST|P0|BLOCKING)\b")
_TAGGED = re.compile(
    rf"^\W*(?:{_BLOCKS}|must)\W*(?::|[\])]|\s[–—-]\s)|[(\[](?:{_BLOCKS})[)\]]|(?:[–—-]|:)\s*(?:{_BLOCKS})\W*$",
    re.IGNORECASE,
)
_LET_TAGGED = re.compile(
    rf"^\W*(?:{_LETS})\W*(?::|[\])]|\s[–—-]\s)|[(\[](?:{_LETS})[)\]]|(?:[–—-]|:)\s*(?:{_LETS})\W*$|not a blocker",
    re.IGNORECASE,
)
_HEADING_BLOCKS = re.compile(
    r"\b(?:blockers?|blocking|must[- ]haves?|must be|mandatory|show-?stoppers?|blockierend|zwingend|bloquante?s?"
    r"|bloqueantes?|obligatoires?|obligatori[oa]s?|bloccanti?|bloqueadores|blokkerende?|verplichte?)\b|\bP0\b",
    re.IGNORECASE,
)
_HEADING_LETS = re.compile(rf"\b(?:{_LETS})\b", re.IGNORECASE)
# Figures below these words are alarms, refusals, or belong to a part of the system: nothing of them is bound.
_OTHER_CONTEXT = re.compile(
    r"\b(?:alerts?|alerting|alarms?|triggers?|warnings?|escalat\w+|paging|pages? on|revert|roll-?backs? (?:if|when"
    r"|on|crit\w+"
    r"|cond\w+)|abort|refus\w+|reject\w*|fail(?:s|ed|ure)? (?:if|when|crit\w+|cond\w+|thresh\w+)|unacceptable"
    r"|not acceptable|blocks? (?:if|when|the)|do not|don't|no[- ]?(?:launch|release)|stops? (?:if|when)"
    r"|kill crit\w+|red flags?|new code|changed (?:code|lines)|diff|packages?|modules?|staging|canary"
    r"|(?<!in )(?<!to )\w+ service|front-?end|back-?end|mobile|ios|android|microservices?|payments?"
    r"|checkout|queues?|batch|components?|examples?"
    r"|(?:per|each|every)[- ](?:package|module|service|component|file|page)|history|historical|previous|last release"
    r"|legacy|template|alarme|alarmschwellen|warnschwellen|alertes?|seuils? d'alerte|alertas?|umbrales"
    r"|(?:critères|conditions|criterios|condiciones|critérios|condições|criteri|condizioni|criteria) "
    r"(?:de |di |do |voor |d')(?:rollback|reversión|reversão|retour)|rollback-?(?:kriterien|bedingungen|criteria)"
    r"|allarmi?|soglie|avvisi|alarmen|drempels?|kein(?:e|en)? (?:release|rollout|freigabe|launch)|abbruch\w*)\b",
    re.IGNORECASE,
)


# Below these headings a figure without a comparison says how it is: "Current metrics", "Load test results".
_REPORTS = re.compile(
    r"\b(?:results?|key metrics|statistics|scores|achieve\w+|(?:before|after|avant|après|antes|después|prima|dopo"
    r"|vor|nach)"
    r"(?: (?:the|les?|la|de la|de|der|dem|il|l'))* ?(?:optimi[sz]\w+|migration\w*|refactor\w*)|current\w*|status"
    r"|state|today|measured|measurements?|observed|observations?|baselines?|facts"
    r"|snapshot"
    r"|release notes|as[- ]is|so far|last (?:run|test|week|sprint)"
    r"|ergebnis\w*|aktuell\w*|ist-?(?:stand|werte?|zustand)|stand|gemessen\w*|messwerte|résultats?|actuel\w*|état"
    r"|mesures?"
    r"|mesuré\w*|resultados?|estado|actual\w*|medid[oa]s?|risultati|attual\w*|stato|misurat\w*|atua\w*|resultaten"
    r"|huidig\w*|gemeten)\b",
    re.IGNORECASE,
)
# A title that only names a part of the product: "Search", "Admin panel", "Payment API", "Suchdienst".
_PART_NAME = (
    r"(?:(?:web |site |product )?search|admin(?:istration)?|back ?office|dashboards?"
    r"|log-?in|sign-?(?:in|up)|registration|onboarding"
    r"|reporting|analytics|recommendations?|user management|user accounts?|subscriptions?|calendar"
    r"|auth(?:entication)?|billing"
    r"|invoicing|catalog(?:ue)?|inventory|shipping|cart|orders?|notifications?|e-?mails?|messaging|chat|uploads?"
    r"|imports?|exports?|editor|player|feed|profile|settings|home ?page|landing page"
    r"|suche|anmeldung|warenkorb|recherche"
    r"|panier|búsqueda|carrito|busca|carrinho|ricerca|carrello|zoeken|winkelwagen|inicio de sesión|connexion)"
)
_PART_KIND = (
    r"(?:panel|console|portal|worker|job|gateway|database|db|server|client|app|website|site|shop|store|engine|bot"
    r"|plugin|extension|library|sdk|cli|subsystem|system|feature|screen|page|endpoint|api|service|proxy|scheduler"
    r"|crawler|importer|exporter|renderer|parser)"
)
_PART_OF = (
    r"(?:service|module|panneau|portail|page|application|base|servicio|módulo|panel|portal|página|aplicación|serviço"
    r"|painel|aplicativo|servizio|modulo|pannello|portale|pagina|interface|interfaz|interfaccia)"
)
_PART = re.compile(
    rf"\W*(?:the |our )?(?:{_PART_NAME}|(?!(?:the|whole|entire|full|overall|http|rest|our|production|system|api|web"
    rf"|target) )"
    rf"[\w-]+(?: [\w-]+)? {_PART_KIND}|[\w-]{{3,}}(?:dienst|seite|portal|modul|bereich|service|pagina)"
    rf"|{_PART_OF} (?:d(?:e|el|i|ella|u|a|o) (?:la |l'|las |los )?|d'|dell')[\w-]+)\W*",
    re.IGNORECASE,
)
_JOINED = re.compile(r"\s*(?:[&+,/]|\b(?:and|und|et|y|e|en)\b)\s*", re.IGNORECASE)
_NUMBER_BEFORE = re.compile(r"^\W*(?:\d+(?:\.\d+)*[.)]?\s+)?")
_FRONT_END = re.compile(r"\bfront-?end\b", re.IGNORECASE)
_ASKS = re.compile(
    r"\b(?:targets?|goals?|thresholds?|criteri\w+|requirements?|required|gates?|must|should|minimums?"
    r"|definition of (?:done|ready)"
    r"|dod|acceptance|objectives?|slos?|slas?|limits?|budgets?|checklists?|readiness|go|release|launch|pre-?\w+"
    r"|before|exit"
    r"|expected|quality|standards?|rules?|policy|ziel\w*|anforderung\w*|kriteri\w+|abnahme\w*|vorgaben|schwell\w+"
    r"|grenz\w+"
    r"|qualität\w*|objectifs?|seuils?|critères?|exigences?|qualité|objetivos?|umbral\w*|requisitos?|calidad|metas?"
    r"|limites?"
    r"|critérios?|qualidade|obiettiv\w+|soglie|requisiti|qualità|doel\w*|eisen|drempel\w*|kwaliteit\w*|vereist\w*)\b",
    re.IGNORECASE,
)
# Titles of demands in the strict sense: below "Quality" or "Release", a ticked "Coverage: 61%" is a value of today.
_DEMANDS = re.compile(
    r"\b(?:targets?|goals?|thresholds?|criteri\w+|requirements?|required|gates?|must|should|minimums?"
    r"|definition of (?:done|ready)|dod|acceptance|objectives?|slos?|slas?|limits?|budgets?|ziel\w*|anforderung\w*"
    r"|kriteri\w+|abnahme\w*|vorgaben|objectifs?|seuils?|critères?|exigences?|objetivos?|umbral\w*|requisitos?"
    r"|metas?|critérios?|obiettiv\w+|requisiti|doel\w*|eisen|vereist\w*)\b",
    re.IGNORECASE,
)
# "Roll back if any of these is true:" before a list.
_ACTS = re.compile(
    r"\b(?:roll(?:ed|ing)?[- ]?back|revert|abort|stop|halt|pause|launch|release|deploy|ship|go live)\b.*"
    r"\b(?:if|when|once|unless|while|as soon as)\b",
    re.IGNORECASE,
)
# Lines below these headings report, refuse, or describe another time or another system: they demand nothing.
_NO_DEMAND = re.compile(
    r"\b(?:known (?:issues?|problems?|limitations?|bugs?|defects?|gaps?)|limitations|(?:out of|not in) scope"
    r"|non-?goals?"
    r"|not (?:required|needed|applicable|relevant|part of)|superseded|deprecated|obsolete|outdated|withdrawn|archived?"
    r"|(?:old|former|past) (?:targets?|goals?|criteria|thresholds?|limits?|values?)|(?:anti-?|bad )(?:patterns?"
    r"|examples?)"
    r"|what not to|counter-?examples?|lessons learned|retrospective|post-?mortems?|vendors?|suppliers?|providers?"
    r"|third[- ]part(?:y|ies)|external (?:services?|systems?|dependenc\w+)|degraded|fallback|maintenance (?:window"
    r"|mode)s?"
    r"|incidents?|outages?|waive[rd]s?|exceptions?|exempt\w*|hold (?:crit\w+|cond\w+|if|when)|pauses?"
    r"|circuit[- ]?breakers?"
    r"|auto-?scal\w*|kill[- ]?switch|on-?call|notify|page (?:the|on)|pagers?|sev(?:erity)?[- ]?[0-9]"
    r"|burn(?:[- ]rate)?|halts?"
    r"|stop (?:crit\w+|cond\w+)|disqualif\w*|reasons? (?:to|for) (?:delay|stop|not|abort|hold)\w*|would (?:block"
    r"|stop|delay|make us)"
    r"|danger\w*|bad signs?|warning signs?|symptoms?|worst[- ]case|blockers? found|(?:when|if|conditions?"
    r"|criteria) (?:to|for)"
    r" (?:a |the )?(?:roll(?:ing)?[- ]?back|revert\w*|stop\w*|abort\w*|paus\w*)"
    r"|bekannte (?:probleme|fehler|mängel|einschränkungen)|nicht-?ziele|au(?:ß|ss)erhalb|nicht im umfang|alarm\w*"
    r"|eskalation\w*"
    r"|rückfall\w*|rückroll\w*|veraltet\w*|ausnahmen|ablehnung\w*|wartungsfenster|notbetrieb"
    r"|hors (?:du )?(?:périmètre|champ|scope)|(?:problèmes|limitations|limites|défauts) connue?s|retour arrière|rejets?"
    r"|abandon|obsolètes?|mode dégradé|critères d'arrêt"
    r"|fuera del? alcance|(?:problemas|limitaciones|errores) conocid[oa]s|reversión|rechazo|obsolet[oa]s?|excepciones"
    r"|fora d[oe] (?:escopo|âmbito)|(?:problemas|limitações|erros) conhecid[oa]s|reversão|rejeição|exceções|alarmes?"
    r"|fuori (?:dall')?(?:ambito|scope|perimetro)|(?:problemi|limiti|difetti) not[ie]|ripristino|rifiuto|eccezioni"
    r"|buiten (?:de )?(?:scope|bereik)|bekende (?:problemen|fouten|beperkingen)|afkeur\w*|terugdraai\w*|verouderd\w*"
    r"|uitzonderingen)\b",
    re.IGNORECASE,
)

# "Rollback plan documented", "Wiederherstellung getestet": how it has to be, and not what somebody does.
_STATE = re.compile(
    r"\b(?:documented|tested|verified|rehearsed|validated|prepared|reviewed|approved|defined|exercised|practi[cs]ed"
    r"|written"
    r"|automated|configured|available|ready|known|in place|agreed|assigned|identified|exists?|trained|understood"
    r"|dokumentiert|getestet|geprüft|erprobt|vorbereitet|vorhanden|bereit|definiert|freigegeben|geübt|beschrieben"
    r"|documentée?s?|testée?s?|validée?s?|vérifiée?s?|prête?s?|définie?s?|disponibles?|préparée?s?|rédigée?s?"
    r"|(?:document|prob|valid|verific|prepar|test|defin|ensay|revis|aprob)(?:ad|id)[oa]s?|list[oa]s?"
    r"|(?:document|test|valid|verific|prepar|approv|prov)at[oaie]|pront[oaie]|definit[oaie]|disponibil[ei]"
    r"|gedocumenteerd|beschikbaar|klaar|gevalideerd|voorbereid|gedefinieerd|geoefend|beschreven)\b",
    re.IGNORECASE,
)
_ORDERS = re.compile(
    r"^\W*(?:run|stop|start|restore|redeploy|revert|verify|notify|switch|disable|execute|check|trigger|roll|deploy"
    r"|scale"
    r"|announce|communicate|confirm|monitor|identify|open|create|use|keep|if|when|once)\b",
    re.IGNORECASE,
)

_RED, _COLOURS = "🔴🟥⛔🛑", {"🟠": "high", "🟧": "high", "🟡": "moderate", "🟨": "moderate", "🟢": "low", "🟩": "low"}
_RISK_TAG = re.compile(
    r"[(\[]\s*(?:risk\s*[:=]?\s*)?(critical|high|moderate|medium|low)(?:\s+risk)?\s*[)\]]|\brisk\s*[:=]\s*(critical"
    r"|high"
    r"|moderate|medium|low)\b",
    re.IGNORECASE,
)
_OWNER = re.compile(
    r"(?:\(|\[|—|–|\s-\s|\s)\s*(?:owner|assignee|responsible|dri|verantwortlich(?:er?)?|zuständig|responsable"
    r"|responsabile"
    r"|responsável|verantwoordelijk(?:e)?|eigenaar)\s*[:=]\s*([^)\],;|]{2,40})",
    re.IGNORECASE,
)
_MENTION = re.compile(r"(?<![\w/])@([A-Za-z0-9][\w-]{1,38})(?![\w/.])")
_DUE = re.compile(
    r"(?<!\w)(?:due|deadline|by|until|fällig|frist|bis|échéance|avant le|pour le|plazo|fecha límite|vence|antes del"
    r"|prazo|até"
    r"|scadenza|entro il|entro|uiterlijk|vóór|deadline|termin)\s*(?:on|am|le|op|il"
    r"|el)?\s*[:=]?\s*(\d{4})-(\d{2})-(\d{2})(?!\d)",
    re.IGNORECASE,
)
_LINK = re.compile(r"https?://[^\s)>\]|]+")

_WATCHING = re.compile(
    r"\b(?:monitor\w*|dashboards?|observab\w*|surveillance|supervisi\w*|überwach\w*)\b", re.IGNORECASE
)


def risk_of(text: str) -> str:
    """The risk level that a line states by a word in brackets or by the colour it begins with; else empty."""
    if tagged := _RISK_TAG.search(text):
        word = (tagged[1] or tagged[2]).lower()
        return "moderate" if word == "medium" else word
    sign = text.lstrip()[:1]
    return "critical" if sign and sign in _RED else _COLOURS.get(sign, "")


def says_a_state(text: str) -> bool:
    """Whether the line says how something has to be, and orders nobody to do it."""
    return bool(_STATE.search(text)) and not _ORDERS.match(text)


def owner_in(text: str) -> str:
    """Who sees to it, where the line names somebody: "(owner: Mika)", "@mika"."""
    if found := _OWNER.search(text):
        return found[1].strip()
    mentioned = _MENTION.findall(text)
    return f"@{mentioned[0]}" if len(mentioned) == 1 else ""


def due_in(text: str) -> date | None:
    """The day by which the line is to hold: "due 2026-05-01". Other ways to write a day stay words."""
    found = _DUE.search(text)
    try:
        return date(int(found[1]), int(found[2]), int(found[3])) if found else None
    except ValueError:
        return None


def link_in(text: str) -> str:
    """The first address of the line."""
    found = _LINK.search(text)
    return found.group() if found else ""


def blocks(text: str, section: Section | None) -> bool:
    """The box's own words decide, then the nearest heading that says something."""
    if _LET_TAGGED.search(text):
        return False
    if _WORD_OF_URGENCY.search(text) or _TAGGED.search(text) or text.lstrip()[:1] in tuple(_RED):
        return True
    for title in _titles(section):
        if _HEADING_LETS.search(title):
            return False
        if _HEADING_BLOCKS.search(title):
            return True
    return False


def is_another_context(section: Section | None, parents: str = "", *, but_front_end: bool = False) -> bool:
    """Whether the headings or the boxes above say that the figures below demand nothing of the whole project.

    `but_front_end`: whether they say so without the words "front end".
    """
    titles = [parents, *_titles(section)]
    if but_front_end:
        titles = [_FRONT_END.sub(" ", title) for title in titles]
    if _ACTS.search(titles[0]):
        return True
    return any(_OTHER_CONTEXT.search(title) or _NO_DEMAND.search(title) or names_a_part(title) for title in titles)


def names_a_part(title: str) -> bool:
    """Whether the title consists of the name of one part of the product and nothing else."""
    bare = _NUMBER_BEFORE.sub("", re.sub(r"\s*\([^()]*\)\W*$", "", title))
    pieces = _JOINED.split(bare)
    return any(map(_PART.fullmatch, pieces)) and not any(map(is_neutral, pieces))


def is_report(section: Section | None, parents: str = "") -> bool:
    """Whether the headings or the line above say that figures below report how it is."""
    return bool(_REPORTS.search(parents)) or any(_REPORTS.search(title) for title in _titles(section))


def asks(section: Section | None, *, is_ticked: bool = False) -> bool:
    """Whether a heading, the document's own included, says that what is below it has to hold.

    Of a ticked box, only a title of demands in the strict sense says so.
    """
    while section is not None:
        if (_DEMANDS if is_ticked else _ASKS).search(section.title):
            return True
        section = section.parent
    return False


def is_alarm_list(section: Section | None) -> bool:
    """Whether a heading says that the lines below are alarms: a list of what is monitored is none."""
    return any(_OTHER_CONTEXT.search(title) and not _WATCHING.search(title) for title in _titles(section))


def _titles(section: Section | None) -> Iterator[str]:
    while section is not None:
        if section.level > 1:  # the document's own title is about all of it
            yield section.title
        section = section.parent
