"""The words that speak for a type of event, for reported speech, and for who acts (English)."""

# ruff: noqa: E501 - tables of words are easier to read unbroken
from __future__ import annotations

import re

__all__ = [
    "ABBREVIATED",
    "BODIES",
    "BREAK",
    "COMPILED",
    "DIPLOMATIC",
    "FORCES",
    "NEGATED",
    "PERSON",
    "PLANNED",
    "PRONOUN",
    "REPORTED",
    "STATEMENTS",
    "TRIGGERS",
]

ABBREVIATIONS = (
    r"(?:\b(?:Mr|Mrs|Ms|Dr|Prof|Gen|Col|Maj|Capt|Lt|Sgt|Sen|Rep|Gov|St|Mt|Jr|Sr|No|vs|Inc|Ltd|Co|Corp|"
    r"Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sep|Sept|Oct|Nov|Dec|a\.m|p\.m|U\.S|U\.K|U\.N|г|гг|тыс|млн|обл|им|ул|пос|гор|дер|чел|ген|см|кв|р|рр|թ|hh)|\b[A-ZА-Я])$"
)
BREAK = re.compile(r"(?:[.!?։。]+[”\"»’')\]]*|[.,!?][”\"»](?=\s+[A-Z“\"«])|\n\s*\n)(?:\s+|$)")
ABBREVIATED = re.compile(ABBREVIATIONS)

_HARMED = r"killed|wounded|injured|shot(?! down)|blew up|abducted"
_ARMED = (
    r"(?:troops|forces|army|soldiers?|servicem[ae]n|fighters?|militants?|gunm[ae]n|snipers?|militia\w*|units|"
    r"separatists|border guards?)"
)
_CIVILIAN = (
    r"(?:people|persons?|civilians?|villagers?|residents?|farmers?|shepherds?|wom[ae]n|m[ae]n|child(?:ren)?|boys?|"
    r"girls?|workers?|drivers?|journalists?|passengers?|pensioners?|famil(?:y|ies))"
)
_ATTACK = rf"(?:(?<!heart )attacks?|raid|ambush|gunfire|sniper fire|{_ARMED})"

# A type of event, how firmly its words speak for it, and the words. Earlier ones win a tie.
TRIGGERS: tuple[tuple[str, float, str], ...] = (
    ("ceasefire", 0.9, r"cease-?fires?\b|\btruce|\barmistice|halt to (?:the )?(?:fighting|hostilities)"),
    ("blockade_statement", 0.9,
     r"(?:lift|lifting|unblock\w*|unblocking|end|ending)\s+(?:of\s+)?(?:the\s+)?(?:blockade|transport|regional)"
     r"|(?:blockade|unblocking|opening)\s+of\s+(?:all\s+)?(?:the\s+)?(?:regional\s+)?(?:transport|communication)"),
    ("recognition", 0.85,
     r"\brecogni[sz]\w+|territorial (?:integrity|claims?)|sovereignty over"
     r"|\baccept\w*\b[^.]{0,60}\bas\b|\bas part of (?-i:[A-Z])"),
    ("handover", 0.9, r"hand(?:ed|ing)?[- ]?over|handovers?\b|(?:was|were) (?:returned|transferred) to|\bceded\b"),
    ("capture", 0.9,
     r"\b(?:re)?captur\w+|\bseiz(?:ed|ure)|\bretook\b|\bretaken\b|took (?:full )?control of|\boverran\b"
     r"|\bfell to\b|\bliberat\w+|(?:took|taken) (?:the )?(?:town|village|city|heights)"),
    ("withdrawal_of_forces", 0.85,
     r"(?:withdr\w+|pull(?:ed|ing)? out|pullout|left)\b[^.]{0,40}(?:troops|forces|peacekeep\w+|contingent|army|units)"
     r"|(?:troops|forces|peacekeep\w+|contingent|army|units)\b[^.]{0,40}(?:withdr\w+|pull(?:ed|ing)? out)"),
    ("deployment", 0.85,
     r"\bdeploy\w*|(?:troops|peacekeep\w+|forces|monitors|observers)\b[^.]{0,30}\barriv\w+"),
    ("peacekeeping", 0.8, r"\bpeace-?keep\w+|monitoring mission|observation posts?|mandate of the mission"),
    ("violence_against_civilians", 0.9,
     r"massacre\w*|pogrom\w*|execut(?:ed|ion)\b|civilians? (?:were |was )?(?:killed|shot|wounded)"
     r"|kill(?:ed|ing) (?:of )?(?:\w+ )?civilians"),
    ("explosions_remote_violence", 0.85,
     r"\bshell(?:ed|ing|fire|s)\b|\bbomb(?:ed|ing|ardment|s)?\b|air ?strikes?|drone (?:strike|attack)s?|\bmissiles?\b"
     r"|\brockets?\b|artillery|\bmortars?\b|\bgrenades?\b|\bland ?mines?\b|explosion|exploded"
     rf"|\b(?:drone|mine)s?\b[^.]{{0,40}}\b(?:{_HARMED}|hit|struck)\b"),
    ("battle", 0.8,
     r"\bfought\b|\bfighting\b|\bclash\w*|\bbattles?\b|\boffensive\b|\bassault\w*|\bwars?\b|firefight"
     r"|opened fire|fire was opened|exchange of fire|\bshot down\b|skirmish\w*|hostilities|\bconflict over control"),
    ("route_closure", 0.8,
     r"(?:clos\w+|shut|block\w+|cut)\b[^.]{0,40}\b(?:roads?|railway|rail line|highway|airport|crossing|border|route)\b"
     r"|\b(?:roads?|railway|rail line|highway|airport|crossing|border|route)\b[^.]{0,40}\b(?:was|were|is|are|been|remain\w*|stay\w*) "
     r"(?:\w+ly )?(?:closed|shut|blocked|cut)\b"),
    ("route_opening", 0.8,
     r"\b(?:re-?)?open(?:ed|ing|s)?\b[^.]{0,40}\b(?:roads?|railway|rail|highway|airport|crossing|border|routes?|"
     r"connections|corridor|link)\b"
     r"|\b(?:roads?|railway|highway|airport|crossing|border|routes?|corridor|link)\b[^.]{0,40}\b(?:re-?)?opened\b"),
    ("checkpoint", 0.85, r"\bcheck-?points?\b|border post"),
    ("blockade", 0.75, r"\bblockad\w+|\bbesieg\w+|\bsiege\b|cut off from"),
    ("exchange", 0.85,
     r"(?:exchange|swap|release|return|hand\w*)\w*\b[^.]{0,30}\b(?:prisoners?|captives|bodies|remains|detainees|pows?)\b"
     r"|\b(?:prisoners?|captives|bodies|detainees|pows?)\b[^.]{0,30}\b(?:exchanged|swapped|released|returned|handed over)\b"),
    ("displacement", 0.85,
     r"\bfled\b|\bdisplac\w+|refugees?\b|\bexodus\b|evacuat\w+|left their homes|expel\w+|driven out"),
    ("aid", 0.8, r"humanitarian (?:aid|cargo|convoy|supplies)|\brelief (?:aid|convoy)|Red Cross|aid convoy"),
    ("delimitation", 0.85, r"delimit\w+|demarcat\w+|border commission"),
    ("agreement", 0.8,
     r"\bsigned\b|\bagreement\b|\baccord\b|\btreaty\b|\bagreed (?:to|on)\b|trilateral statement|joint statement"),
    ("resolution", 0.85, r"\bresolution \d+|Security Council[^.]{0,40}resolution|General Assembly[^.]{0,40}resolution"),
    ("legal", 0.8,
     r"\bcourt\b|\bruling\b|\bruled\b|provisional measures|\blawsuit|\bsentenced\b|\btribunal\b|\bindict\w+|\b(?:ICJ|ECHR)\b[^.]{0,20}\border"),
    ("talks", 0.75,
     r"\btalks\b|\bmeet(?:ing|ings|s)?\b|\bmet\b|\bsummit|\bnegotiat\w+|\bdiscuss\w*|\btrilogue\b|\bconsultations?\b"
     r"|\bspoke (?:before|with|to|by)\b|moving toward(?:s)?|normali[sz]\w+"),
    ("protest", 0.8, r"\bprotest\w*|\brall(?:y|ies|ied)\b|demonstrat(?:ion|ors|ed)|\bmarched\b"),
    ("riot", 0.8, r"\briot\w*|\blooting\b"),
    ("administration", 0.7, r"\brenamed\b|\bappointed\b|\bdissol\w+|\babolish\w+|was (?:created|established) as"),
    ("political", 0.6,
     r"\bdiplomatic\b|\belect(?:ed|ion|ions)\b|\breferendum\b|\bindependence\b|\bresign\w+|parliament (?:voted|adopted)"
     r"|\baccus\w+|\bcondemn\w+"),
    ("strategic_development", 0.6, r"\bmobili[sz]\w+|build-?up of (?:forces|troops)|military exercises?|arms (?:deal|purchase)"),
    # The plainest reports: an attack and whom it struck. Any firmer word for a type leads.
    ("violence_against_civilians", 0.6,
     rf"\b{_ATTACK}\b[^.]{{0,40}}\b(?:{_HARMED})\b[^.]{{0,20}}\b{_CIVILIAN}\b"
     rf"|\b{_CIVILIAN}\b[^.]{{0,20}}\b(?:{_HARMED}|died)\b[^.]{{0,30}}\b{_ATTACK}\b"
     rf"|\b{_CIVILIAN} (?:was|were) (?:shot|abducted)"),
    ("battle", 0.6,
     rf"\b{_ATTACK}\b[^.]{{0,40}}\b(?:{_HARMED})\b|\b{_ARMED}\b[^.]{{0,20}}\b(?:attack|raid|ambush)ed\b"
     rf"|\b{_ARMED} (?:was|were) (?:{_HARMED})\b|\bcame under (?:fire|attack)\b"),
    ("disaster", 0.7, r"earthquake|\bflood(?:s|ed|ing)?\b|plane crash|\bwildfire|\blandslide"),
)  # fmt: skip
COMPILED = tuple((name, base, re.compile(words, re.IGNORECASE)) for name, base, words in TRIGGERS)
DIPLOMATIC = frozenset(
    "talks recognition agreement blockade_statement political peacekeeping resolution legal ceasefire".split()
)
#: What is itself something said, whatever it is said of.
STATEMENTS = frozenset({"blockade_statement"})
REPORTED = re.compile(
    r"[“”\"«»]|\b(?:said|says|told|claim(?:s|ed)|stress(?:ed|es)|added|adds|confirmed|confirms|assured|assures|"
    r"according to|reportedly|allege[ds]?|accus(?:ed|es)|denied|denies|insist(?:s|ed)|announced|"
    r"clarified|complained|stated|believes?|in my opinion|argued|warned|suggested|noted|emphasi[sz]ed)\b",
    re.IGNORECASE,
)
# What is still to come: before the words of an event, or right behind them.
PLANNED = re.compile(
    r"\b(?:will|shall|would|is to|are to|(?:is|are|was|were) (?:due|set|scheduled|expected|slated|planned) (?:to|for|on|in)|"
    r"plan(?:s|ned|ning)? to|intend(?:s|ed)? to|agree(?:s|d)?(?: \w+)? to (?=meet|hold|sign|open|hand|withdraw|exchange|release|deploy)|promise[sd]? to|ready to|going to|"
    r"to be (?:held|signed|opened|discussed)|(?:is|are|was|were) to (?=meet|hold|sign|open|visit)|upcoming|forthcoming|"
    r"(?:planned|scheduled|slated|set|due) (?:for|on|to|in)|(?:is|are|was|were|been) planned|preparing to|hopes? to|"
    r"postponed (?:to|until)|expected to|invited [^.]{0,40}\bto)\b",
    re.IGNORECASE,
)
# What did not happen: right before the words of an event, or of the clause as a whole.
NEGATED = re.compile(
    r"\b(?:no|not|never|n['’]t|neither|nor|without|denie[sd]|deny|denying|dismiss(?:ed|es)|refut(?:ed|es)|reject(?:ed|s)|"
    r"failed to|ruled out|false(?:ly)?|untrue|rumou?rs?|unfounded|did(?:n['’]t| not)|has(?:n['’]t| not)|ha(?:d|ve)(?:n['’]t| not))\b",
    re.IGNORECASE,
)
PRONOUN = re.compile(
    r"\b(?:They|they|He|he|She|she|the two (?:leaders|countries|sides|states)|The two (?:leaders|countries|sides|"
    r"states)|the trio|both sides|Both sides|head of state)\b"
)

TITLE = (
    r"(?:Mr|Mrs|Ms|Dr|President|Prime Minister|Premier|Foreign Minister|Defen[cs]e Minister|Minister|Secretary|"
    r"Chairman|Chancellor|Ambassador|General|Gen|Colonel|Col|Lieutenant|Commander|Deputy Prime Minister|"
    r"Council President|Patriarch|Catholicos|Envoy|Representative|Spokesman|Spokeswoman)"
)
CAPITALISED = r"[A-ZÀ-ÖØ-ÞƏİŞÇĞÖÜ][\w’'-]+"
PERSON = re.compile(
    rf"\b{TITLE}\b\.?\s+(?P<name>{CAPITALISED}(?:\s+(?:[A-Z]\.\s+)?{CAPITALISED}){{0,2}})"
)
BODIES = re.compile(
    r"\b(?:European Union|Eurasian Economic Union|European Council|United Nations|Security Council|Minsk Group|"
    r"OSCE|CSTO|NATO|Red Cross|ICRC|International Court of Justice|Council of Europe|European Commission|"
    r"Collective Security Treaty Organi[sz]ation|Commonwealth of Independent States|(?<![\w-])(?:EU|UN|US|USA|CIS|ICJ)(?![\w-])"
    r"|the West|The West|West(?=[’']s)|U\.S\.|United States)\b\.?"
)
FORCES = re.compile(
    r"\b(?P<people>[A-Z]\w+)\s+(?P<noun>troops|forces|peacekeepers|army|soldiers|servicemen|border guards|military|"
    r"contingent|authorities|government|side|police)\b"
)
