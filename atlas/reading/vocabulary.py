"""Word lists of the reader: what tells a place from a person, a street, a body or a plain word."""

# ruff: noqa: E501 - lists of words are easier to read unbroken
from __future__ import annotations

__all__ = [
    "AGENTS", "BODY_WORDS", "CALLED_AFTER", "DIRECTIONS", "FACILITIES", "FAMILY_ENDINGS", "FAMILY_NAMES",
    "FEATURES",
    "GIVEN_NAMES", "LOCATIVE", "NEVER", "NO_ACTS", "NO_NAMES", "PAPERS", "PLAIN", "POLICY", "SEATS", "STANDS_FOR", "STREETS",
    "TITLES",
]  # fmt: skip


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# After or before a name: it is part of the place's name or says its kind.
FEATURES = _words(
    "county city town village district province region state states island islands river lake bay sea "
    "ocean gulf beach valley mountain mountains mount hills peninsula coast airport pass corridor bridge "
    "parish township borough metro area republic oblast rayon raion territory strip desert plateau "
    "harbor harbour port peak canyon creek falls border crossing capital province's government-held"
)
STREETS = _words(
    "street st road rd avenue ave boulevard blvd drive dr lane ln highway hwy court ct square plaza way "
    "place pl terrace pike parkway pkwy freeway expressway turnpike route interstate küçəsi prospekti "
    "улица улице проспект проспекте փողոց պողոտա οδός λεωφόρος"
)
# After a name: a body called after the place, not the place.
BODY_WORDS = _words(
    "post times herald tribune journal gazette globe news chronicle observer sun star press group process "
    "summit declaration protocol protocols treaty accord accords agreement bank company inc corp corporation "
    "university college school hospital church museum theatre theater hotel court police department "
    "football club fc united rovers airlines airways steel motors records films symphony orchestra "
    "association foundation institute center centre council commission committee company union conference "
    "league cup open marathon festival act bill plan fund zoo library society academy party front "
    "division brigade regiment battalion convention statement format magazine network television tv radio"
)
# After a name: something that stands in the place.
FACILITIES = _words(
    "school high elementary middle university college hospital medical police fire library museum court "
    "courthouse park zoo church cathedral mosque monastery airport station stadium arena theatre theater "
    "center centre mall prison jail house hall public municipal civic community metropolitan regional "
    "general memorial sheriff's sheriff auditor coroner coroner's clerk mayor council chamber man woman "
    "couple resident residents native area-based government administration authorities judge"
)
TITLES = _words(
    "mr mrs ms miss dr sir lord lady prof professor president premier minister secretary chairman "
    "chairwoman spokesman spokeswoman spokesperson general gen colonel col major maj captain capt "
    "lieutenant lt sergeant sgt detective officer sheriff judge justice senator sen rep representative "
    "congressman congresswoman governor gov mayor king queen prince princess pope bishop father rev "
    "reverend deputy chief director ambassador chancellor coach attorney commissioner councilman "
    "councilwoman trooper superintendent pastor brother sister uncle aunt cllr господин госпожа cənab"
)
DIRECTIONS = _words(
    "north south east west northern southern eastern western northeast northwest southeast southwest "
    "northeastern northwestern southeastern southwestern central upper lower greater downtown inner "
    "outer mid old new the former soviet mainland rural metropolitan occupied mountainous"
)
# Before a name: something is there.
LOCATIVE = _words(
    "in at near from to around outside inside into within toward towards across through throughout "
    "between over via off beyond above below of on along against leaving visiting entered entering "
    "reached left reach в во из под около у на к за близ από στη στο στην στον σε προς στις στα"
)
# After a capital: the capital acts, so it stands for its government.
AGENTS = _words(
    "has have had is was were are will would could should may might must says said say signed agreed "
    "agree agrees accused accuses accuse denied denies deny wants want wanted insists insisted insist "
    "rejected rejects reject warned warns warn claims claimed claim demanded demands demand announced "
    "announces confirmed confirms recognized recognised recognises recognizes refused refuses refuse "
    "blames blamed blame hopes hoped seeks sought seek called calls backed backs supports supported "
    "condemned condemns considers considered believes believed sees saw expects expected argues "
    "argued stressed proposed proposes offered offers urged urges sent sends began started "
    "continues continued remains remained became never also still itself's brokered mediated"
)
# After a capital's possessive: "Baku's position".
POLICY = _words(
    "position policy claim claims demand demands government stance decision proposal refusal forces "
    "army troops interests offer peacekeepers peacekeeping mediation foreign role"
)
# Verbs that end like those of agents, but only say that something is or takes place there.
NO_ACTS = _words(
    "located based situated populated hosted inhabited besieged surrounded renamed needed"
)
# Endings of family names: what stands before them is a given name, even if a town is called so.
FAMILY_ENDINGS = (
    "ov", "ova", "ev", "eva", "yan", "ian", "yants", "zade", "zadeh", "oglu", "shvili", "dze",
    "sky", "skiy", "skaya", "enko",
)  # fmt: skip
# What a capital stands for when it is not its country's government.
STANDS_FOR: dict[str, str] = {"brussels": "European Union"}
# Seats of authorities that no list of capitals has.
SEATS = _words("stepanakert")
# After a name: certainly a body or a document, never the place.
CALLED_AFTER = _words("group process post times protocol declaration accords")
# Behind a name: the paper or agency that is called so.
PAPERS = _words(
    "post times herald tribune journal gazette chronicle observer telegraph examiner inquirer dispatch "
    "courier bulletin weekly daily"
)
# Before a name with a capital of its own: no given name.
NO_NAMES = _words("the in and but for with from when while as on at")
# Never a place by themselves, whatever stands before.
NEVER = _words(
    "the a an of in on at to by for and or as is it he she they we you i this that police monday "
    "tuesday wednesday thursday friday saturday sunday march may june july august mr mrs who un eu "
    "pm am"
)
# Words that begin sentences or headlines and are towns somewhere.
PLAIN = _words(
    "act region drug story airport western eastern loop lot inc sr jr metro gulf duma christmas land "
    "metropolitan chili red cross republic olympic olympics summer easter festival bay-area "
    "the a an and or but of in on at as are is was were be been by for from to with without he she it "
    "they we you i his her its their our your my me us this that these those there here who what when "
    "where why how which while if so than then not no nor yes all any both each few more most other "
    "some such only own same too very can will just now new old first last next one two three four "
    "five six seven eight nine ten after before during since until about against between into through "
    "over under again further once many much must may might should would could did do does done has "
    "have had also however although because despite among along around off out up down per via "
    "monday tuesday wednesday thursday friday saturday sunday january february march april june july "
    "august september october november december spring summer autumn fall winter today tomorrow "
    "police officer officers court judge mayor man men woman women boy girl child children people "
    "family father mother son daughter brother sister friend friends president minister government "
    "state states city county town village district school university college church hospital center "
    "centre park house home street road river lake bay hill hills mount valley island bridge union "
    "central national international federal local public general department office board council "
    "committee commission service services company group association institute bank news times post "
    "press media report study university health medical care water power energy food fire air force army "
    "navy war peace world east west north south northern southern eastern western best good bad great "
    "big small little high low long short young white black red green blue brown gray grey gold silver "
    "nice reading bath mobile orange sandy hope independence liberty justice price normal surprise "
    "success enterprise commerce imperial male data date page bar split van sun star moon day night "
    "morning evening week month year time times life love king queen prince lord sir mr mrs ms dr st "
    "college student students teacher teachers coach team game games season league club sports music "
    "film book show art science technology business market trade money tax law legal rights human "
    "social christian catholic islamic muslim jewish church god bible holy saint san santa los las el la "
    "le de del der den das die du des da di do dos e y en et un une au aux sur par pour il man marks "
    "flu swine virus ebola influenza outbreak disease bird cholera sars h zika dengue health who un eu "
    "nato cdc fda fbi cia pm am tv ok asia-pacific republican democrat democratic republicans democrats "
    "congress senate parliament assembly house attorney sheriff chief director manager owner member "
    "members according officials official authorities spokesman spokeswoman statement meanwhile "
    "earlier later yesterday tonight still even yet perhaps maybe please thank thanks welcome click "
    "read see more copyright rights reserved photo photos video email contact staff writer editor "
    "associated reuters agence america's capital downtown"
)
# Family names that are towns somewhere, and given names that tell the word after them is a person's.
FAMILY_NAMES = _words(
    "bishop baker carter miller taylor walker turner "
    "cooper parker hunter mason fisher archer porter potter weaver smith jones johnson williams davis "
    "wilson moore thomas lee harris martin thompson robinson clark lewis scott adams nelson hall allen "
    "wright mitchell perez roberts phillips campbell evans edwards collins stewart morris rogers reed "
    "cook morgan bell murphy bailey rivera richardson cox howard ward peterson ramirez james watson "
    "brooks kelly sanders bennett wood barnes ross henderson coleman jenkins perry powell patterson "
    "hughes washington's butler simmons foster bryant alexander russell griffin diaz hayes george "
    "obama bush clinton trump biden lincoln jefferson madison monroe jackson franklin hamilton roosevelt "
    "kennedy nixon reagan ford putin medvedev lavrov assad saddam"
)
GIVEN_NAMES = _words(
    "john paul david michael robert william richard charles joseph daniel matthew mark donald steven "
    "kenneth joshua kevin brian edward ronald timothy jason jeffrey ryan jacob gary nicholas eric stephen "
    "jonathan larry justin brandon benjamin samuel frank gregory raymond patrick jack dennis jerry mary "
    "patricia linda barbara elizabeth jennifer maria susan margaret dorothy lisa nancy karen betty helen "
    "sandra donna carol ruth sharon michelle laura sarah kimberly deborah jessica anna amy kathleen "
    "angela melissa brenda rebecca virginia's martha amanda stephanie carolyn christine marie janet "
    "catherine frances ann joyce diane alice julie heather teresa doris gloria evelyn jean cheryl "
    "mildred katherine joan ashley judith rose janice nicole judy christina kathy theresa beverly denise "
    "tammy irene jane lori rachel marilyn andrea kathryn louise sara anne jacqueline wanda bonnie julia "
    "ruby lois tina phyllis norma paula diana annie lillian emily robin peggy crystal gladys rita dawn "
    "connie tracy edna tiffany carmen rosa cindy grace wendy ali muhammad mohammed omar hassan hussein "
    "chad ben bill tom jim joe mike dave steve bob dan tim jon sam max leo adam alan albert arthur carl "
    "dean doug douglas earl eddie eugene fred glenn harry harvey henry howard hugh ian jay jeff jesse jimmy "
    "jordan kyle lance leon lloyd logan louis luke lynn marcus mario marvin melvin milton nathan neil "
    "nikki norman oscar perry peter philip phil ralph randy ray rick roger roland ron roy russell sean "
    "seth shane simon stanley stuart sue ted terry todd tony travis trent troy tyler vernon victor vincent "
    "walter wayne wesley ashley chelsea kay kelly kate katie ellen erin eva florence georgia hope jade "
    "jill joy june kim kristen laurel leah lily lucy madison megan monica naomi natalie olivia paige paris "
    "renee sherry sierra sophia sydney tara valerie vanessa veronica victoria vivian nikol ilham vladimir "
    "sergei igor ivan dmitry alexei mikhail nikolai yuri boris anatoly araik arayik serzh levon robert's "
    "heydar hikmet jeyhun ararat zohrab recep tayyip emmanuel angela joseph antony hillary barack"
)
