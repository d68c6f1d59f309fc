"""What everyday language calls countries and their divisions, where open lists are too formal."""

from __future__ import annotations

__all__ = ["COUNTRIES", "PEOPLES", "POINTS", "PROVINCES", "STATES"]

# Short forms of the states in English-language newspapers (Associated Press style, before 2014).
STATES = {
    "AL": "Ala", "AZ": "Ariz", "AR": "Ark", "CA": "Calif", "CO": "Colo", "CT": "Conn",
    "DE": "Del", "FL": "Fla", "GA": "Ga", "IL": "Ill", "IN": "Ind", "KS": "Kan", "KY": "Ky",
    "LA": "La", "MD": "Md", "MA": "Mass", "MI": "Mich", "MN": "Minn", "MS": "Miss", "MO": "Mo",
    "MT": "Mont", "NE": "Neb", "NV": "Nev", "NH": "N.H.", "NJ": "N.J.", "NM": "N.M.",
    "NY": "N.Y.", "NC": "N.C.", "ND": "N.D.", "OK": "Okla", "OR": "Ore", "PA": "Pa",
    "RI": "R.I.", "SC": "S.C.", "SD": "S.D.", "TN": "Tenn", "TX": "Tex", "VT": "Vt", "VA": "Va",
    "WA": "Wash", "WV": "W.Va.", "WI": "Wis", "WY": "Wyo", "DC": "D.C.",
}  # fmt: skip
# Short forms of states and provinces elsewhere in the English-language press.
PROVINCES = {
    ("AU", "New South Wales"): ("NSW", "N.S.W."), ("AU", "Queensland"): ("QLD",),
    ("AU", "Victoria"): ("VIC",), ("AU", "Western Australia"): ("WA",),
    ("CA", "Ontario"): ("Ont.",), ("CA", "Quebec"): ("Que.",),
    ("CA", "British Columbia"): ("B.C.",),
    ("CA", "Alberta"): ("Alta.",), ("CA", "Saskatchewan"): ("Sask.",),
    ("CA", "Manitoba"): ("Man.",), ("CA", "Nova Scotia"): ("N.S.",),
    ("CA", "New Brunswick"): ("N.B.",), ("CA", "Prince Edward Island"): ("P.E.I.",),
}  # fmt: skip
# Everyday English names that the sources list under something longer.
COUNTRIES = {
    "US": ("America", "U.S.", "U.S.A.", "US", "USA", "United States", "the States"),
    "GB": ("Britain", "Great Britain", "U.K.", "UK", "United Kingdom"),
    "KR": ("South Korea",), "KP": ("North Korea",),
    "CD": ("Congo", "DR Congo", "DRC", "Democratic Republic of Congo"),
    "CZ": ("Czech Republic", "Czechia"), "RU": ("Russia",), "SY": ("Syria",), "IR": ("Iran",),
    "VN": ("Vietnam",), "LA": ("Laos",), "TZ": ("Tanzania",), "BO": ("Bolivia",),
    "VE": ("Venezuela",), "MD": ("Moldova",), "MK": ("Macedonia", "North Macedonia"),
    "CI": ("Ivory Coast",), "AE": ("UAE", "U.A.E.", "Emirates"), "TR": ("Turkey", "Türkiye"),
    "NL": ("Holland", "The Netherlands"), "MM": ("Burma", "Myanmar"), "PS": ("Palestine",),
    "VA": ("Vatican",), "TL": ("East Timor",), "CV": ("Cape Verde",), "SZ": ("Swaziland",),
    "TW": ("Taiwan",), "HK": ("Hong Kong",), "MO": ("Macau",),
}  # fmt: skip
PEOPLES = {
    "US": ("American",), "GB": ("British", "Briton", "English"), "SA": ("Saudi",),
    "AM": ("Armenian",), "AZ": ("Azerbaijani", "Azeri"), "RU": ("Russian",), "TR": ("Turkish",),
    "IR": ("Iranian",), "GE": ("Georgian",), "FR": ("French",), "IE": ("Irish",),
    "NL": ("Dutch",), "LK": ("Sri Lankan",), "CZ": ("Czech",), "ES": ("Spanish",),
    "SE": ("Swedish",), "PL": ("Polish",), "PT": ("Portuguese",), "PH": ("Filipino", "Philippine"),
    "NZ": ("New Zealander",), "DE": ("German",), "GR": ("Greek",), "TH": ("Thai",),
    "VN": ("Vietnamese",), "AE": ("Emirati",), "IL": ("Israeli",), "IQ": ("Iraqi",),
    "KW": ("Kuwaiti",), "PK": ("Pakistani",), "YE": ("Yemeni",), "DK": ("Danish",),
    "FI": ("Finnish",), "BE": ("Belgian",), "CH": ("Swiss",), "TW": ("Taiwanese",),
}  # fmt: skip
# Of the 48 contiguous states, where the source's point is rounded away from it (U.S. National
# Geodetic Survey: 39°50' N 98°35' W).
POINTS = {"US": (-98.583, 39.833)}
