"""Words of the site's interface in English, Armenian, Azerbaijani and Russian.

What the map says too (kinds of events, statuses, certainties) is read from the map's own list,
so that the two can't call one thing by two names.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from atlas.errors import NotFoundError

__all__ = ["LANGUAGES", "MONTHS", "SPACE", "all_words", "word"]

LANGUAGES: Mapping[str, str] = {
    "en": "English",
    "hy": "Հայերեն",
    "az": "Azərbaycanca",
    "ru": "Русский",
}
"""Languages of the interface, each by its own name."""

MONTHS = (
    "January February March April May June July August September October November December"
).split()

SPACE = "\u202f"
"""Between thousands."""

_LINE = re.compile(r"^\s+(\w+): (\[.*\]),$", re.MULTILINE)

# One line a word: English, Armenian, Azerbaijani, Russian.
_OWN: dict[str, tuple[str, str, str, str]] = {
    # Frame
    "skip": ("Skip to the content", "Անցնել բովանդակությանը", "Məzmuna keç", "К содержанию"),

    "chronicle": ("Chronicle", "Ժամանակագրություն", "Xronika", "Хроника"),
    "accounts": ("Accounts", "Տեսակետներ", "Mövqelər", "Версии"),
    "places": ("Places", "Վայրեր", "Yerlər", "Места"),
    "method": ("Method", "Մեթոդ", "Metod", "Метод"),
    "data": ("Data", "Տվյալներ", "Məlumatlar", "Данные"),
    "searchPage": ("Search", "Որոնում", "Axtarış", "Поиск"),
    "searchAll": ("Search the record", "Որոնել գրառումներում", "Qeydlərdə axtar", "Поиск по записям"),
    "searchHere": ("Search this page", "Որոնել այս էջում", "Bu səhifədə axtar", "Поиск на странице"),
    "all": ("all", "բոլորը", "hamısı", "все"),
    "clear": ("Clear", "Մաքրել", "Təmizlə", "Сбросить"),
    "shown": ("{n} of {all} shown", "Ցուցադրված է {n}՝ {all}-ից", "{all} qeyddən {n} göstərilir", "Показано {n} из {all}"),
    "nothing": ("Nothing on record fits. That is not a statement that nothing happened.", "Համապատասխան գրառում չկա։ Դա չի նշանակում, որ ոչինչ տեղի չի ունեցել։", "Uyğun qeyd yoxdur. Bu, heç nə baş vermədiyi demək deyil.", "Подходящих записей нет. Это не значит, что ничего не происходило."),
    "onMap": ("On the map", "Քարտեզի վրա", "Xəritədə", "На карте"),
    "inChronicle": ("In the chronicle", "Ժամանակագրության մեջ", "Xronikada", "В хронике"),
    "openMap": ("Open the map", "Բացել քարտեզը", "Xəritəni aç", "Открыть карту"),
    "englishOnly": ("", "Գրառումների տեքստն անգլերեն է։", "Qeydlərin mətni ingilis dilindədir.", "Тексты записей - на английском языке."),
    "document": ("open the document", "բացել փաստաթուղթը", "sənədi aç", "открыть документ"),
    "toTop": ("To the top", "Վերև", "Yuxarı", "Наверх"),
    "credits": ("Credits", "Երախտիք", "Təşəkkürlər", "Источники карты"),
    "creditText": ("Some coordinates and names: GeoNames (CC BY 4.0). Basemap: Natural Earth (public domain). Every record names its sources.", "Կոորդինատների և անունների մի մասը՝ GeoNames (CC BY 4.0)։ Հիմքը՝ Natural Earth (հանրային սեփականություն)։ Ամեն գրառում նշում է իր աղբյուրները։", "Koordinatların və adların bir qismi: GeoNames (CC BY 4.0). Əsas xəritə: Natural Earth (ictimai mülkiyyət). Hər qeyd mənbələrini göstərir.", "Часть координат и названий: GeoNames (CC BY 4.0). Основа карты: Natural Earth (общественное достояние). Каждая запись называет свои источники."),
    "period": ("Period", "Ժամանակաշրջան", "Dövr", "Период"),
    "year": ("Year", "Տարի", "İl", "Год"),
    "yearJump": ("Go to a year", "Անցնել տարի", "İlə keç", "Перейти к году"),
    "kind": ("Kind", "Տեսակ", "Növ", "Вид"),
    "type": ("Type", "Տեսակ", "Növ", "Тип"),
    "certaintyWord": ("Certainty", "Հավաստիություն", "Əminlik", "Достоверность"),
    "sort": ("Sort by", "Դասավորել ըստ", "Sırala", "Сортировать"),
    "sortNow": ("sorted", "դասավորված", "sıralanıb", "отсортировано"),
    # Chronicle
    "chronicleLead": ("What changed, day by day: land that changed hands, missions that came and went, routes that opened and shut, and the key events. Every line says who says so.", "Ինչ փոխվեց օր առ օր՝ ձեռքից ձեռք անցած տարածքներ, եկած ու գնացած առաքելություններ, բացված ու փակված ուղիներ և առանցքային դեպքեր։ Ամեն տող նշում է աղբյուրը։", "Gün-gün nə dəyişdi: əldən-ələ keçən ərazilər, gələn və gedən missiyalar, açılan və bağlanan yollar, əsas hadisələr. Hər sətir mənbəyini göstərir.", "Что менялось день за днём: переходы территории, приход и уход миссий, открытие и закрытие путей, ключевые события. Каждая строка называет источник."),
    "k_control": ("Control", "Վերահսկողություն", "Nəzarət", "Контроль"),
    "k_mandate": ("Missions", "Առաքելություններ", "Missiyalar", "Миссии"),
    "k_route": ("Routes", "Ուղիներ", "Marşrutlar", "Пути"),
    "k_event": ("Events", "Դեպքեր", "Hadisələr", "События"),
    "k_story": ("Story", "Պատում", "Hekayə", "История"),
    "nowHeld": ("{from} to {to}", "{from} → {to}", "{from} → {to}", "{from} → {to}"),
    "areas": ("{n} areas", "{n} տարածք", "{n} ərazi", "территорий: {n}"),
    "steps": ("{n} changes", "{n} փոփոխություն", "{n} dəyişiklik", "изменений: {n}"),
    "zones": ("{n} zones", "{n} գոտի", "{n} zona", "зон: {n}"),
    "stretch": ("km {from}-{to}", "{from}-{to} կմ", "{from}-{to} km", "км {from}-{to}"),
    "wholeRoute": ("whole route", "ամբողջ ուղին", "bütün yol", "весь путь"),
    "forUsers": ("for", "ում համար", "kim üçün", "для"),
    "before": ("before", "նախկինում", "əvvəl", "ранее"),
    "m_authorised": ("Authorised", "Լիազորվել է", "İcazə verilib", "Разрешена"),
    "m_deployed": ("Deployed", "Տեղակայվել է", "Yerləşdirilib", "Развёрнута"),
    "m_withdrawn": ("Withdrawn", "Դուրս է բերվել", "Çıxarılıb", "Выведена"),
    "m_expired": ("Mandate over", "Մանդատն ավարտվել է", "Mandat bitib", "Мандат истёк"),
    "kindSame": ("same holder, other footing", "նույն կողմը, այլ կարգավիճակ", "eyni tərəf, başqa əsas", "та же сторона, иное основание"),
    # Events
    "eventsLead": ("Every event on record, with what is contested about it. An empty count of deaths is not zero: nobody on record has counted.", "Բոլոր գրանցված դեպքերը և դրանց վիճելի կողմերը։ Զոհերի դատարկ թիվը զրո չէ. գրառումներում ոչ ոք չի հաշվել։", "Qeydə alınmış bütün hadisələr və onların mübahisəli tərəfləri. Ölənlərin boş sayı sıfır deyil: qeydlərdə heç kim saymayıb.", "Все записанные события и то, что в них оспаривается. Пустое число погибших - не ноль: никто из источников их не подсчитал."),
    "date": ("Date", "Ամսաթիվ", "Tarix", "Дата"),
    "event": ("Event", "Դեպք", "Hadisə", "Событие"),
    "place": ("Place", "Վայր", "Yer", "Место"),
    "deathsWord": ("Deaths", "Զոհեր", "Ölənlər", "Погибшие"),
    "range": ("between {low} and {high}", "{low}-ից {high}", "{low}-{high} arası", "от {low} до {high}"),
    "atLeast": ("at least {low}", "առնվազն {low}", "ən azı {low}", "не менее {low}"),
    "atMost": ("at most {high}", "առավելագույնը {high}", "ən çoxu {high}", "не более {high}"),
    "counted": ("counted by", "հաշվել է", "sayan", "подсчёт"),
    "deathsAny": ("deaths stated", "զոհերի թիվը նշված է", "ölənlərin sayı göstərilib", "число погибших указано"),
    "counterAny": ("contradicted", "հակադիր պնդումով", "zidd iddialı", "с возражениями"),
    "ownEvents": ("The map shows {n} events from your own files; this page lists the events of the record.", "Քարտեզը ցույց է տալիս ձեր ֆայլերի {n} դեպք. այս էջը թվարկում է գրառումների դեպքերը։", "Xəritə fayllarınızdan {n} hadisəni göstərir; bu səhifə qeydlərin hadisələrini sadalayır.", "Карта показывает {n} событий из ваших файлов; здесь перечислены события записей."),
    # Accounts
    "accountsTitle": ("Where accounts differ", "Որտեղ են տեսակետները տարբերվում", "Mövqelər harada fərqlənir", "Где версии расходятся"),
    "accountsLead": ("The atlas assesses who held each area and keeps every rival claim beside it, with its source. Claims never enter the totals.", "Ատլասը գնահատում է, թե ով էր վերահսկում ամեն տարածք, և կողքին պահում է յուրաքանչյուր հակադիր պնդում՝ իր աղբյուրով։ Պնդումները երբեք չեն մտնում գումարների մեջ։", "Atlas hər ərazinin kimin nəzarətində olduğunu qiymətləndirir və hər zidd iddianı mənbəyi ilə yanında saxlayır. İddialar yekunlara daxil edilmir.", "Атлас оценивает, кто контролировал каждую территорию, и хранит рядом каждое встречное утверждение с источником. Утверждения не входят в итоги."),
    "onDay": ("On", "Օրը", "Gün", "На день"),
    "assessedWord": ("The atlas's assessment", "Ատլասի գնահատականը", "Atlasın qiymətləndirməsi", "Оценка атласа"),
    "says": ("says", "ասում է", "deyir", "говорит"),
    "claimsOn": ("Claims that differ", "Տարբերվող պնդումներ", "Fərqli iddialar", "Расходящиеся утверждения"),
    "noClaims": ("No party's recorded claim differs from the assessment on this day.", "Այս օրը որևէ կողմի գրանցված պնդում չի տարբերվում գնահատականից։", "Bu gün heç bir tərəfin qeydə alınmış iddiası qiymətləndirmədən fərqlənmir.", "В этот день ни одно записанное утверждение не расходится с оценкой."),
    "eventsDiffer": ("Events told differently", "Տարբեր կերպ պատմված դեպքեր", "Fərqli təsvir olunan hadisələr", "События, о которых говорят по-разному"),
    "routesDiffer": ("Routes and missions told differently", "Տարբեր կերպ պատմված ուղիներ և առաքելություններ", "Fərqli təsvir olunan yollar və missiyalar", "Пути и миссии, о которых говорят по-разному"),
    "recordSays": ("On record", "Գրառված է", "Qeydə görə", "В записи"),
    "inDispute": ("disputed ground", "վիճելի տարածք", "mübahisəli ərazi", "спорная территория"),
    # Places
    "placesLead": ("Every place on record and its names: in which language and script, used by whom, from when to when. No name here is a verdict.", "Բոլոր գրանցված վայրերն ու նրանց անունները՝ ինչ լեզվով և գրով, ում կողմից, երբվանից մինչև երբ։ Այստեղ ոչ մի անուն վճիռ չէ։", "Qeydə alınmış bütün yerlər və adları: hansı dildə və əlifbada, kim tərəfindən, nə vaxtdan nə vaxta qədər. Heç bir ad hökm deyil.", "Все записанные места и их названия: на каком языке и каким письмом, кем и когда употребляются. Ни одно название здесь не приговор."),
    "usedBy": ("Used by", "Օգտագործում է", "İşlədən", "Кто употребляет"),
    "inYear": ("In the year", "Տարում", "İldə", "В году"),
    "otherLanguages": ("other languages", "այլ լեզուներ", "digər dillər", "другие языки"),
    "ns_official": ("official", "պաշտոնական", "rəsmi", "официальное"),
    "ns_common": ("in use", "գործածական", "işlək", "употребительное"),
    "ns_historical": ("historical", "պատմական", "tarixi", "историческое"),
    "ns_variant": ("variant", "տարբերակ", "variant", "вариант"),
    "ns_exonym": ("exonym", "արտանուն", "ekzonim", "экзоним"),
    "people": ("{n} residents", "{n} բնակիչ", "{n} sakin", "жителей: {n}"),
    "pk_settlement": ("settlement", "բնակավայր", "yaşayış məntəqəsi", "населённый пункт"),
    "pk_district": ("district", "շրջան", "rayon", "район"),
    "pk_region": ("region", "տարածաշրջան", "bölgə", "регион"),
    "pk_province": ("province", "մարզ", "vilayət", "область"),
    "pk_republic": ("republic", "հանրապետություն", "respublika", "республика"),
    "pk_country": ("country", "երկիր", "ölkə", "страна"),
    "pk_pass": ("pass", "լեռնանցք", "aşırım", "перевал"),
    "pk_mountain": ("mountain", "լեռ", "dağ", "гора"),
    "pk_river": ("river", "գետ", "çay", "река"),
    "pk_lake": ("lake", "լիճ", "göl", "озеро"),
    "pk_bridge": ("bridge", "կամուրջ", "körpü", "мост"),
    "pk_crossing": ("crossing", "անցում", "keçid", "переход"),
    "pk_corridor": ("corridor", "միջանցք", "dəhliz", "коридор"),
    "pk_base": ("base", "բազա", "baza", "база"),
    "pk_airport": ("airport", "օդանավակայան", "hava limanı", "аэропорт"),
    "pk_monastery": ("monastery", "վանք", "monastır", "монастырь"),
    "pk_dam": ("dam", "ամբարտակ", "bənd", "плотина"),
    "pk_station": ("station", "կայարան", "stansiya", "станция"),
    "pk_site": ("site", "հուշավայր", "obyekt", "объект"),
    "pk_sea": ("sea", "ծով", "dəniz", "море"),
    # Sources
    "sourcesLead": ("Every document the record rests on, by whose it is. Affiliation is not a grade: a party's own text is the best source for what that party said.", "Բոլոր փաստաթղթերը, որոնց վրա հենվում են գրառումները՝ ըստ պատկանելության։ Պատկանելությունը գնահատական չէ. կողմի սեփական տեքստը լավագույն աղբյուրն է այն բանի, թե ինչ է ասել այդ կողմը։", "Qeydlərin əsaslandığı bütün sənədlər, mənsubiyyətinə görə. Mənsubiyyət qiymət deyil: tərəfin öz mətni onun nə dediyi üçün ən yaxşı mənbədir.", "Все документы, на которых держатся записи, по принадлежности. Принадлежность - не оценка: собственный текст стороны лучше всего говорит о том, что она сказала."),
    "affiliation": ("Affiliation", "Պատկանելություն", "Mənsubiyyət", "Принадлежность"),
    "cited": ("cited {n} times", "մեջբերվել է {n} անգամ", "{n} dəfə istinad edilib", "ссылок: {n}"),
    "notCited": ("not cited", "չի մեջբերվել", "istinad edilməyib", "ссылок нет"),
    "verifiedWord": ("Verified", "Ստուգված", "Yoxlanılıb", "Проверка"),
    "vf_search": ("found by search", "գտնված որոնմամբ", "axtarışla tapılıb", "найден поиском"),
    "vf_reference": ("from a reference work", "տեղեկատու աղբյուրից", "məlumat kitabından", "по справочнику"),
    "vf_none": ("not yet checked", "դեռ ստուգված չէ", "hələ yoxlanılmayıb", "ещё не проверен"),
    "sk_primary": ("primary", "սկզբնաղբյուր", "ilkin mənbə", "первоисточник"),
    "sk_press": ("press", "մամուլ", "mətbuat", "пресса"),
    "sk_research": ("research", "հետազոտություն", "tədqiqat", "исследование"),
    "sk_reference": ("reference", "տեղեկատու", "sorğu kitabı", "справочник"),
    "sk_mission": ("mission", "առաքելություն", "missiya", "миссия"),
    "sk_court": ("court", "դատարան", "məhkəmə", "суд"),
    "t_places": ("places", "վայրեր", "yerlər", "места"),
    "t_names": ("names", "անուններ", "adlar", "названия"),
    "t_areas": ("areas", "տարածքներ", "ərazilər", "территории"),
    "t_control": ("control", "վերահսկողություն", "nəzarət", "контроль"),
    "t_events": ("events", "դեպքեր", "hadisələr", "события"),
    "t_zones": ("zones", "գոտիներ", "zonalar", "зоны"),
    "t_mandates": ("mandates", "մանդատներ", "mandatlar", "мандаты"),
    "t_routes": ("routes", "ուղիներ", "marşrutlar", "пути"),
    "t_episodes": ("states of routes", "ուղիների վիճակներ", "yolların vəziyyəti", "состояния путей"),
    "t_chapters": ("chapters", "գլուխներ", "fəsillər", "главы"),
    # Method
    "methodLead": ("How the record was made, how to read it, and how far to trust it.", "Ինչպես են կազմվել գրառումները, ինչպես կարդալ դրանք և որքան վստահել։", "Qeydlər necə tərtib olunub, necə oxunmalı və nə qədər etibar edilməlidir.", "Как составлены записи, как их читать и насколько им доверять."),
    "contents": ("Contents", "Բովանդակություն", "Mündəricat", "Содержание"),
    # Downloads
    "dataTitle": ("Data to download", "Ներբեռնելի տվյալներ", "Yüklənən məlumatlar", "Данные для загрузки"),
    "dataLead": ("The whole record as plain files. Use it, check it, correct it; credit the sources it cites.", "Ամբողջ գրառումը՝ պարզ ֆայլերով։ Օգտագործեք, ստուգեք, ուղղեք. նշեք մեջբերվող աղբյուրները։", "Bütün qeydlər sadə fayllar şəklində. İstifadə edin, yoxlayın, düzəldin; mənbələri göstərin.", "Вся запись простыми файлами. Пользуйтесь, проверяйте, исправляйте; указывайте источники."),
    "file": ("File", "Ֆայլ", "Fayl", "Файл"),
    "size": ("Size", "Չափ", "Ölçü", "Размер"),
    "rows": ("{n} rows", "{n} տող", "{n} sətir", "строк: {n}"),
    "licence": ("Licence of the record", "Գրառման լիցենզիան", "Qeydin lisenziyası", "Лицензия записи"),
    # Search
    "searchLead": ("Search places in any script, events, routes, missions, sources.", "Որոնեք վայրեր ցանկացած գրով, դեպքեր, ուղիներ, առաքելություններ, աղբյուրներ։", "İstənilən əlifbada yerləri, hadisələri, yolları, missiyaları, mənbələri axtarın.", "Ищите места на любом языке, события, пути, миссии, источники."),
    "results": ("{n} found", "Գտնվել է {n}", "{n} tapıldı", "Найдено: {n}"),
    "more": ("and {n} more", "և ևս {n}", "və daha {n}", "и ещё {n}"),
}  # fmt: skip


@cache
def all_words() -> Mapping[str, tuple[str, ...]]:
    """All words by key, each in the order of `LANGUAGES`; the map's own where we have none."""
    script = (files("atlas.map") / "web" / "i18n.js").read_text(encoding="utf-8")
    shared = {key: tuple(json.loads(row)) for key, row in _LINE.findall(script)}
    return {key: row for key, row in shared.items() if len(row) == len(LANGUAGES)} | _OWN


def word(key: str) -> tuple[str, ...]:
    """Look up a word in all languages.

    Raises
    ------
    NotFoundError
        If neither the site nor the map has it.
    """
    try:
        return all_words()[key]
    except KeyError:
        raise NotFoundError(
            f"the interface has no word {key!r}; add it to atlas.site.words"
        ) from None
