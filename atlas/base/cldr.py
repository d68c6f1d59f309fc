"""Names of months and weekdays from the Unicode CLDR, by way of Babel, for one locale at a time.

Babel keeps what it looks up through an alias in data that locales share, so that the months of one
language could come back as those of another, by the order in which they are asked for. What is
read here is copied first, from a reading of Babel's files that nobody else in the process shares.
"""

from __future__ import annotations

from copy import deepcopy
from functools import cache
from importlib.util import find_spec, module_from_spec
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from babel import Locale

__all__ = ["calendar_names"]


def calendar_names(locale: Locale, what: str) -> dict[str, dict[str, dict[int, str]]]:
    """Read the names of months or days in a locale.

    Parameters
    ----------
    locale : babel.Locale
        The locale.
    what : {'months', 'days'}
        Months count from 1, days from 0, which is Monday.

    Returns
    -------
    dict
        Context ('format', 'stand-alone') -> width ('wide', 'abbreviated') -> number -> name.

    Examples
    --------
    >>> from babel import Locale
    >>> calendar_names(Locale("fr"), "months")["format"]["wide"][11]
    'novembre'
    """
    from babel import localedata

    data: Any = _reader().load(str(locale))
    # Aliases lead back to the base: it has to be the copy, too.
    base = {**data, what: deepcopy(data[what])}
    own = localedata.LocaleDataDict(base[what], base=base)
    return {
        context: {
            width: {int(number): str(name) for number, name in own[context][width].items()}
            for width in ("wide", "abbreviated")
        }
        for context in ("format", "stand-alone")
    }


@cache
def _reader() -> Any:
    """Babel's reader of locales with a memory of its own: what others asked for spoils theirs."""
    from babel import localedata

    spec = find_spec(localedata.__name__)
    assert spec is not None and spec.loader is not None
    reader = module_from_spec(spec)
    spec.loader.exec_module(reader)
    vars(reader)["Alias"] = localedata.Alias  # the files hold Babel's own
    return reader
