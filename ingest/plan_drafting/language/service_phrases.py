"""Phrases in seven languages that name a metric of the built or running product: requests, loading, bundle, CI."""

from __future__ import annotations

from ingest.plan_drafting.language.phrase import Phrase, phrase

P95 = (
    r"(?:p95|p-95|p 95|p\(95\)|95th(?:[- ]percentile)?|95(?:th)? percentile|percentile 95"
    r"|95(?:\.|er|-|%| ?%-|-%-)? ?-?perzentil|95(?:e|ème|º|°|\.)? (?:percentile|percentil)|percentil 95"
    r"|95(?:e|ste|-)? ?percentiel)"
)
_API = r"(?:(?:api|http|request|web|server|http-|api-) ?)?"
_OF_THE_API = r"(?: (?:de l'|des |d'|de la |de las |del |da |das |dell'|delle |van de |der )apis?)?"
REQUEST = (
    rf"(?:{_API}(?:response[- ]times?|latency|latencies|request (?:times?|duration|latency)|antwortzeit(?:en)?"
    r"|latenz(?:en)?|responstijd(?:en)?|reactietijd|latentie)"
    r"|(?:temps (?:de )?réponse|latence|tiempos? (?:de )?respuesta|latencia|temp[oi] (?:di )?risposta|latenza"
    rf"|tempos? (?:de )?resposta|latência)){_OF_THE_API}"
)
_SERVER_ERRORS = r"(?: \(?(?:http )?5xx(?: (?:errors?|responses?))?\)?)?"
_PAGE = (
    r"(?: (?:de la |de las |d[ae]s? |dell[ae] |der |van de |du )?(?:p[áa]ginas?|pages?|pagine|pagina's|seiten?|site))?"
)
_SWIFT = (
    r"(?:<|≤|⩽|in (?:under|unter|less|meno|minder|weniger|<|≤)|within|innerhalb|binnen|entro|under|below|en moins"
    r"|en menos|em menos|em até|sous|dentro|unter|dauert|takes)"
)
_POSSIBLE = (
    "quickly rapidly automatically schnell automatisch rapidement rápidamente rapidamente snel"
    " possible possibile mogelijk möglich posible possível eseguibile réalisable durchführbar erfolgt is ist kann"
)

SERVICE_PHRASES: tuple[Phrase, ...] = (
    phrase(
        "bundle_gzip_bytes",
        r"(?:gzip(?:ped)?|compressed \(gzip\)) (?:total )?(?:javascript |js )?bundles?(?: size)?",
        r"(?:frontend |front-end )?(?:javascript |js )?bundles?(?: size)?,? \(?(?:after |min\+)?gzip(?:ped)?\)?",
    ),
    phrase("bundle_brotli_bytes", r"brotli (?:total )?bundles?(?: size)?|bundles?(?: size)?,? \(?(?:after )?brotli\)?"),
    phrase(
        "bundle_raw_bytes",
        r"(?:total |overall |production |frontend |front-end |javascript |js )*bundle(?: size)?|bundle-?größe"
        r"|größe des bundles",
        r"taille (?:totale )?(?:du|de|des) bundles?|tamaño (?:total )?(?:del|de) bundle|tamanho (?:total )?(?:do"
        r"|de) bundle",
        r"dimension[ei] (?:totale )?(?:del|di) bundle|bundle-?grootte|bundelgrootte",
    ),
    phrase("load_tti_seconds", r"time[- ]to[- ]interactive(?: \(tti\))?|tti"),
    phrase("load_first_byte_seconds", r"time[- ]to[- ]first[- ]byte(?: \(ttfb\))?|ttfb(?: \(time to first byte\))?"),
    phrase("load_speed_index_seconds", r"(?:lighthouse )?speed[- ]index(?: \(si\))?"),
    phrase(
        "load_lcp_seconds",
        r"largest contentful paint(?: \(lcp\))?|lcp(?: \(largest contentful paint\))?",
        r"(?:initial )?page[- ](?:load|loading)(?:[- ]times?)?|(?:initial )?load(?:ing)?[- ]times?"
        r"|pages? loads?",
        rf"(?:(?:seiten|pagina)?-?(?:ladezeit|laadtijd)(?:en)?){_PAGE}",
        rf"(?:temps de chargement|tiempo de carga|tempo di caricamento|tempo de carregamento)"
        rf"(?: initial| inicial| iniziale)?{_PAGE}",
    ),
    phrase(
        "load_score",
        r"(?:lighthouse )?performance[- ]score|lighthouse performance|lighthouse \(performance\)"
        r"|lighthouse[- ]score,? \(?performance\)?",
        r"lighthouse[- ]performance-?(?:score|wert)|score (?:de )?performance(?: lighthouse)?"
        r"|score lighthouse (?:de )?performance|puntuación (?:de )?rendimiento(?: (?:de |en )?lighthouse)?"
        r"|pontuação de performance|punteggio (?:lighthouse )?(?:di |delle )?(?:prestazioni|performance)",
    ),
    phrase(
        "memory_growth_mb_per_hour",
        r"(?:memory|heap) (?:growth|leak(?:age)?|stability)(?: rate)?|growth of (?:the )?memory|speicher(?:wachstum"
        r"|zuwachs)",
        r"croissance (?:de la )?mémoire|crecimiento de (?:la )?memoria|crescimento d[ea] memória|crescita della memoria"
        r"|geheugengroei",
    ),
    phrase(
        "request_p95_seconds",
        rf"(?:(?:api|request|http) )?{P95}(?: of)?(?: the)? {REQUEST}(?: \({P95}\))?",
        rf"{REQUEST}(?: time)?,?:? ?\(?(?:at |at the )?{P95}\)?",
        rf"{P95} (?:de (?:la )?|du |del |do |della |der |van de ){REQUEST}",
        rf"{P95} (?:of|de|der|des|das|delle|van) (?:the |las |les |de )?(?:apis?|api requests|requests)"
        rf"|(?:api|request|http)[- ]{P95}(?: response)?",
    ),
    phrase(
        "request_p95_seconds",
        r"api responses?|(?:all )?(?:the )?(?:api )?(?:endpoints|apis|requests) (?:respond|answer|return|complete)"
        r"|(?:the )?api (?:responds|answers)",
        needs=rf"\(?(?:at |for )?(?:the )?{P95}\)?:?",
    ),
    phrase("request_p95_seconds", REQUEST, needs=rf"\(?(?:at |au |en el |al |op het )?(?:the )?{P95}\)?:?"),
    phrase(
        "request_error_percent",
        rf"(?:(?:overall|http|api|request|server|total|5xx)[- ])*error[- ]rates?{_SERVER_ERRORS}"
        r"|(?:http )?5xx(?: errors?| responses?)?[- ]rates?|rate of (?:http )?5xx(?: errors| responses)?"
        r"|rate of failed requests|(?:failed[- ]request|request[- ]failure)[- ]rates?|percentage of failed requests"
        r"|failed requests|request errors",
        rf"(?:http-|api-|server-?)?fehler(?:quote|rate|anteil){_SERVER_ERRORS}",
        rf"taux (?:d')?erreurs?(?: (?:http|api|serveur|global|des requêtes|de l'api))?{_SERVER_ERRORS}"
        rf"|requêtes en erreur",
        rf"(?:tasa|porcentaje|índice) (?:de )?error(?:es)?(?: (?:http|api|global|de la api"
        rf"|del servidor))?{_SERVER_ERRORS}"
        r"|(?:solicitudes|peticiones) fallidas",
        rf"(?:taxa|percentual|índice) (?:de )?erros?(?: (?:http|api|global|da api|do servidor))?{_SERVER_ERRORS}",
        rf"(?:tasso|percentuale) (?:d(?:i |'))?error[ei](?: (?:http|api|globale|delle api|del server))?{_SERVER_ERRORS}"
        r"|richieste fallite",
        rf"(?:http-|api-)?fout(?:en)?(?:percentage|ratio){_SERVER_ERRORS}|mislukte verzoeken",
        extra="requests",
    ),
    phrase(
        "ci_success_percent",
        r"(?:ci|ci/cd|ci pipeline|ci/cd pipeline|pipeline|ci build|build|build ci)[- ](?:success|pass)(?:[- ](?:rate"
        r"|percentage))?",
        r"success rate of (?:the |all )?(?:ci|ci/cd|(?:ci )?pipelines?|(?:ci )?builds?)",
        r"(?:ci-|build-|pipeline-)erfolgs(?:quote|rate)|erfolgs(?:quote|rate) der (?:ci|ci-pipelines?|pipelines?"
        r"|builds?)",
        r"taux de (?:succès|réussite) (?:de la |du |des |de )?(?:ci|pipelines?|builds?)",
        r"tasa de éxito (?:de |del |de la |de los |de las )?(?:ci|pipelines?|builds?)",
        r"taxa de sucesso (?:d[oae]s? )?(?:ci|pipelines?|builds?)"
        r"|tasso di successo (?:della |delle |dei |di )?(?:ci|pipeline|build)",
        r"slagingspercentage van (?:de )?(?:ci|pipelines?|builds?)",
    ),
    phrase(
        "rollback_seconds",
        r"(?:(?:automated |automatic |deployment |release )?roll-?back) (?:time|duration)"
        r"|time (?:to|for) (?:a )?roll-?back"
        r"|time to roll back",
        r"roll-?back (?:takes|completes|completed|finishes|finished|done|possible|executable|can be (?:done|performed"
        r"|completed|executed))|roll-?back (?:dauert|duurt|dura|dure)"
        r"|(?:can|able to) roll ?back|roll-?back-?(?:zeit|dauer|tijd)"
        rf"|(?:automated |automatic )?roll-?back(?= (?:(?:{'|'.join(_POSSIBLE.split())}) )*{_SWIFT})",
        r"(?:temps|durée) (?:de|du) (?:rollback|retour arrière)|tiempo de (?:rollback|reversión)"
        r"|tempo de (?:rollback|reversão)|(?:tempo di|durata del) rollback",
        r"(?:retour arrière|reversión|reversão)(?= (?:possible |posible |possível )?(?:en moins|en menos|em menos|<"
        r"|≤))",
        extra=_POSSIBLE,
    ),
    # A sign in brackets behind a rehearsal is how long it may take; "tested within 2 days" would be when it was held.
    phrase(
        "rollback_seconds",
        r"roll-?back (?:procedures?|plan|process|script)?\s*(?:tested|rehearsed|validated|verified)(?= \(\s*[<≤])",
    ),
)
