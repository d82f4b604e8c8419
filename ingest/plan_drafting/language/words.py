"""Words that change nothing about a demand, in seven languages, and those that say that nothing is left."""

from __future__ import annotations

# "no" and "not" are missing here on purpose: a negation that no pattern has read must never be passed over.
# Words that say that a demand is one, and nothing about what is measured.
_HARMLESS = """
    a an the is are be been being has have had to at of on our we you it its that this and with for in all must
    should shall will can need needs needed require requires required achieve achieves achieved reach reaches
    reached meet meets met maintain maintains maintained keep kept keeps stay stays remain remains hold holds
    adequate sufficient
    verified verify confirmed confirm check checked checks ensure ensured ensures validated validate measured
    measure target targets goal goals threshold thresholds limit limits budget slo sla
    kpi gate quality interim overall total whole entire project codebase production prod live please always
    consistently currently codecov sonarqube sonarcloud jest pytest jacoco istanbul nyc coveralls vitest k6
    jmeter grafana prometheus datadog gitleaks der die das den dem des ein eine einer eines ist sind muss müssen
    soll sollen wird werden bei von und mit im liegt darf dürfen mag beträgt betragen liegen hat haben erreicht
    erreichen ziel alle le la les l un une du des est sont doit doivent être avec et au aux d de atteint
    atteindre objectif tous toutes el los las una del es son debe deben ser estar con y en al objetivo meta
    todos todas il lo gli i uno di dei delle della dello è deve devono essere con e nel nella obiettivo tutti tutte
    o os as um uma do da dos das é são deve devem ser com na tem ter het een zijn is moet moeten met en van de
    doel alle bedraagt blijft
    reste restent demeure bleibt bleiben queda permanece rimane resta fica permanecer
    mantiene mantener mantém se fallen sinken steigen klettern komen zakken dalen
    percentage level proven demonstrated enforced guaranteed throughout percent
    aufweisen aufweist gesamt gesamte gesamten insgesamt projekt projekts wert zielwert grenzwert schwellenwert
    sicherstellen sichergestellt gewährleistet nachgewiesen geprüft gemessen eingehalten gehalten erfüllt quote
    atteinte atteints niveau valeur cible seuil globale global totale projet ensemble maintenir maintenue maintenu
    garantir garanti garantie vérifier vérifié vérifiée assurer assuré assurée respecté respectée mesuré mesurée
    alcanzar alcance alcanzado alcanzada mantenerse mantenida mantenido garantizar garantizado garantizada verificar
    verificado verificada general proyecto valor umbral requerido requerida queda
    atingir atingida alcançar alcançada garantida garantido geral projeto limiar exigida exigido deverá estar em
    manter-se ficar mantida mantido
    raggiungere raggiunta raggiunto garantire garantita garantito verificata verificato complessiva complessivo
    progetto valore soglia richiesto richiesta rimanere mantenere mantenersi pari totale ai alle allo
    behalen behaald halen totale algehele gehele waarde grens drempel vereist vereiste gegarandeerd gecontroleerd
    geverifieerd blijven wordt
"""
HARMLESS = frozenset(_HARMLESS.split())
# "Error rate can reach 5%" says what may happen: these words are a demand only where more is better.
_REACHING = """
    reach reaches reached achieve achieves achieved can erreicht erreichen atteint atteindre alcanza alcanzar raggiunge
    bereikt atinge bereiken behalen behaald halen atteinte atteints alcance alcanzado alcanzada atingir atingida
    alcançar alcançada raggiungere raggiunta raggiunto
"""
REACHING = frozenset(_REACHING.split())
_NOTHING = """
    no zero none null nul zéro cero sans
    keine kein keinen aucun aucune ningún ninguna sin nessun nessuna nenhum nenhuma sem geen zonder
    without aucuns ninguno ningún nessuno nul
"""
NOTHING = frozenset(_NOTHING.split())
CLEARED = frozenset(
    {"removed", "eliminated", "resolved", "cleared", "closed", "fixed", "remediated", "patched", "clean"}
)
# The same in the other languages: read where "fixed", "resolved" or "removed" is.
_CLEARED_ABROAD = """
    behoben beseitigt entfernt corrigés corrigées résolus résolues supprimés éliminés corregidos corregidas resueltos
    resueltas eliminados eliminadas corrigidos corrigidas resolvidos resolvidas removidos risolti risolte corretti
    corrette rimossi eliminati opgelost verholpen verwijderd
"""
CLEARED_ABROAD = frozenset(_CLEARED_ABROAD.split())
