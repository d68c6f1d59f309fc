"""Words of the figures: the page's own, and a few more; dates and numbers as each language writes.

English, Armenian, Azerbaijani, Russian; a word without a translation falls back to English.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from atlas.base.errors import InputError, NotFoundError
from atlas.base.timespan import format_day

__all__ = ["LANGUAGES", "Words"]

LANGUAGES = ("en", "hy", "az", "ru")

_MONTHS = {
    "en": "January February March April May June July August September October November December",
    "hy": "հունվարի փետրվարի մարտի ապրիլի մայիսի հունիսի հուլիսի օգոստոսի սեպտեմբերի հոկտեմբերի "
    "նոյեմբերի դեկտեմբերի",
    "az": "yanvar fevral mart aprel may iyun iyul avqust sentyabr oktyabr noyabr dekabr",
    "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
}
_LINE = re.compile(r"^\s+(\w+): (\[.*\]),$", re.MULTILINE)

_OWN: Mapping[str, tuple[str, str, str, str]] = {
    "series_title": (
        "Who held the disputed ground, {span}",
        "Ով էր վերահսկում վիճելի տարածքը, {span}",
        "Mübahisəli əraziyə kim nəzarət edib, {span}",
        "Кто контролировал спорную территорию, {span}",
    ),
    "series_axis": (
        "thousand km²",
        "հազար կմ²",
        "min km²",
        "тыс. км²",
    ),
    "routes_title": (
        "Which routes were open, {span}",
        "Որ ուղիներն էին բաց, {span}",
        "Hansı yollar açıq idi, {span}",
        "Какие пути были открыты, {span}",
    ),
    "routes_note": (
        "Colour: the strictest state on any stretch, so whether civilians could get through; the "
        "narrow band under it, where stretches differ: each state's share of the length. "
        "A blank is no record, which does not mean open.",
        "Գույնը՝ որևէ հատվածի ամենախիստ վիճակը, այսինքն՝ կարո՞ղ էին քաղաքացիական անձինք անցնել։ "
        "Ներքևի նեղ շերտը, որտեղ հատվածները տարբեր են՝ յուրաքանչյուր վիճակի բաժինը երկարության "
        "մեջ։ "
        "Դատարկը նշանակում է՝ տվյալ չկա, ոչ թե բաց։",
        "Rəng: hər hansı hissənin ən sərt vəziyyəti, yəni mülki şəxslər keçə bilirdimi; altdakı "
        "ensiz zolaq, hissələr fərqlənəndə: hər vəziyyətin uzunluqdakı payı. "
        "Boşluq məlumat yoxdur deməkdir, açıq demək deyil.",
        "Цвет: самое строгое состояние на любом участке, то есть могли ли проехать гражданские; "
        "узкая полоса под ним, где участки различаются: доля каждого состояния в длине. "
        "Пусто: нет данных, что не значит «открыт».",
    ),
    "routes_left": (
        "Without any record, left out: {n}.",
        "Առանց տվյալների, բաց թողնված՝ {n}։",
        "Məlumatsız, göstərilməyib: {n}.",
        "Без данных, не показаны: {n}.",
    ),
    "routes_shown": (
        "Roads and railways, for civilians",
        "Ճանապարհներ և երկաթուղիներ, քաղաքացիական անձանց համար",
        "Yollar və dəmir yolları, mülki şəxslər üçün",
        "Дороги и железные дороги, для гражданских",
    ),
    "events_title": (
        "Events on record by kind, {span}",
        "Գրանցված դեպքերն ըստ տեսակի, {span}",
        "Qeydə alınmış hadisələr növünə görə, {span}",
        "Записанные события по видам, {span}",
    ),
    "events_note": (
        "Counts what the record holds ({n} events), which is not all that happened.",
        "Հաշվարկում է գրանցվածը ({n} դեպք), ոչ թե այն ամենը, ինչ տեղի է ունեցել։",
        "Qeydə alınanları sayır ({n} hadisə); baş verənlərin hamısı deyil.",
        "Подсчитано записанное ({n} событий), а не всё, что произошло.",
    ),
    "km": ("km", "կմ", "km", "км"),
    "per_year": ("a year", "տարեկան", "ildə", "в год"),
    "per_quarter": ("a quarter", "եռամսյակում", "rübdə", "в квартал"),
    "per_month": ("a month", "ամսական", "ayda", "в месяц"),
    "per_day": ("a day", "օրական", "gündə", "в день"),
    "compare_title": (
        "Who held what: {first} and {last}",
        "Ով ինչ էր վերահսկում. {first} և {last}",
        "Kim nəyə nəzarət edirdi: {first} və {last}",
        "Кто что контролировал: {first} и {last}",
    ),
    "held": (
        "Disputed ground held, km²",
        "Վերահսկվող վիճելի տարածք, կմ²",
        "Nəzarətdə olan mübahisəli ərazi, km²",
        "Спорная территория под контролем, км²",
    ),
    "passed": ("Passed between the two dates", "Անցել է երկու ամսաթվերի միջև",
               "İki tarix arasında keçib", "Перешло между двумя датами"),
    "date_word": ("date", "ամսաթիվ", "tarix", "дата"),
    "and_more": ("and {n} more", "և ևս {n}", "və daha {n}", "и ещё {n}"),
    "uncertain": (
        "contested, not certain, or not known",
        "վիճելի, ոչ հաստատ կամ անհայտ",
        "mübahisəli, qeyri-dəqiq və ya məlum deyil",
        "спорно, недостоверно или неизвестно",
    ),
    "probable": ("lighter: probable", "բաց երանգ՝ հավանական", "daha açıq: ehtimal",
                 "светлее: вероятно"),
    "moved": ("changed hands", "անցել է ձեռքից ձեռք", "əldən-ələ keçib", "сменило контроль"),
    "sources": (
        "Sources: {list}.",
        "Աղբյուրներ՝ {list}։",
        "Mənbələr: {list}.",
        "Источники: {list}.",
    ),
    "no_sources": ("Sources: as cited in the pack.", "Աղբյուրներ՝ տես տվյալները։",
                   "Mənbələr: məlumat toplusunda.", "Источники: указаны в данных."),
    "method_map": (
        "Control as assessed by the atlas; rival claims are not drawn. Outlines are "
        "generalised (uncertain by {range} m); areas measured in an equal-area projection "
        "(EPSG:6933). Drawing a line takes no position on any boundary or status.",
        "Վերահսկողությունը՝ ատլասի գնահատմամբ, հակադիր պնդումները պատկերված չեն։ "
        "Ուրվագծերն ընդհանրացված են (ճշտությունը՝ {range} մ), մակերեսները՝ հավասարամեծ "
        "պրոյեկցիայով (EPSG:6933)։ Գծերը դիրքորոշում չեն արտահայտում սահմանների կամ "
        "կարգավիճակի մասին։",
        "Nəzarət atlasın qiymətləndirməsinə görədir; zidd iddialar çəkilməyib. "
        "Konturlar ümumiləşdirilib (xəta {range} m); sahələr bərabərsahəli proyeksiyada "
        "ölçülüb (EPSG:6933). Xətlər sərhəd və ya status barədə mövqe bildirmir.",
        "Контроль по оценке атласа; встречные утверждения не показаны. Контуры "
        "обобщены (неопределённость {range} м); площади в равновеликой проекции (EPSG:6933). "
        "Линии не выражают позиции о границах или статусе.",
    ),
    "method_series": (
        "Control as assessed by the atlas, by day; rival claims are not counted. "
        "Areas measured in an equal-area projection (EPSG:6933) from generalised outlines.",
        "Վերահսկողությունը՝ ատլասի գնահատմամբ, օր առ օր, հակադիր պնդումները չեն հաշվարկված։ "
        "Մակերեսները՝ հավասարամեծ պրոյեկցիայով (EPSG:6933), ընդհանրացված ուրվագծերից։",
        "Nəzarət atlasın qiymətləndirməsinə görədir, günbəgün; zidd iddialar hesablanmayıb. "
        "Sahələr bərabərsahəli proyeksiyada (EPSG:6933) ümumiləşdirilmiş konturlardan ölçülüb.",
        "Контроль по оценке атласа, по дням; встречные утверждения не учтены. Площади измерены в "
        "равновеликой проекции (EPSG:6933) по обобщённым контурам.",
    ),
    "town": ("town or village", "քաղաք կամ գյուղ", "şəhər və ya kənd", "город или село"),
    "background": ("not at issue", "վիճարկվող չէ", "mübahisə predmeti deyil", "вне спора"),
}  # fmt: skip


@cache
def _shared() -> Mapping[str, tuple[str, ...]]:
    script = (files("atlas.map") / "web" / "i18n.js").read_text(encoding="utf-8")
    return {key: tuple(json.loads(row)) for key, row in _LINE.findall(script)}


class Words:
    """Words of one language.

    Parameters
    ----------
    lang : {'en', 'hy', 'az', 'ru'}
        Language.

    Raises
    ------
    InputError
        If there is no such language.

    Examples
    --------
    >>> Words("ru")("st_open"), Words("en").date(18576)
    ('открыт', '10 November 2020')
    """

    def __init__(self, lang: str) -> None:
        if lang not in LANGUAGES:
            raise InputError(f"no language {lang!r}; figures speak {', '.join(LANGUAGES)}")
        self.lang = lang
        self._place = LANGUAGES.index(lang)

    def __call__(self, key: str, **values: object) -> str:
        """Give a word, with its blanks filled in."""
        row = _OWN.get(key) or _shared().get(key)
        if row is None:
            raise NotFoundError(f"the figures have no word {key!r}")
        text = row[self._place] or row[0]
        for name, value in values.items():
            text = text.replace(f"{{{name}}}", str(value))
        return text

    def upper(self, text: str) -> str:
        """Capitals as the language has them: dotted and dotless i, and the Armenian ligature.

        Examples
        --------
        >>> Words("az").upper("İran, Ermənistan"), Words("hy").upper("Սևան")
        ('İRAN, ERMƏNİSTAN', 'ՍԵՎԱՆ')
        """
        if self.lang == "az":
            text = text.replace("i", "İ")
        return text.replace("և", "եվ").upper()

    def known(self, key: str) -> str:
        """Give a word, or the key itself in plain letters where there is none."""
        return self(key) if key in _OWN or key in _shared() else key.replace("_", " ")

    def date(self, day: int) -> str:
        """Write a day out."""
        year, month, date = format_day(day).split("-")
        return f"{int(date)} {_MONTHS[self.lang].split()[int(month) - 1]} {year}"

    def number(self, value: float) -> str:
        """Write a whole number, its thousands set apart from 10 000 on."""
        digits = f"{abs(round(value)):,}"
        gap = "," if self.lang == "en" else "\u202f"
        whole = digits.replace(",", gap) if len(digits) > 5 else digits.replace(",", "")
        return f"\u2212{whole}" if round(value) < 0 else whole
