"""XML of strangers: no entities, no fetching, no depth without bounds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree
from xml.parsers import expat

from atlas.base.errors import InputError

__all__ = ["elements"]

_DEPTH = 200


class _Forbidden(Exception):
    pass


def elements(data: bytes, name: str, wanted: set[str]) -> Iterator[Any]:
    """Elements of an XML document, each as soon as it is closed.

    Parameters
    ----------
    data : bytes
    name : str
        For messages.
    wanted : set of str
        Tags, with their namespace in braces, or bare to match any namespace.

    Yields
    ------
    xml.etree.ElementTree.Element
        Its content may be cleared once the next is asked for.

    Raises
    ------
    InputError
        If it is no well-formed XML, declares entities, or is nested without end.
    """
    builder = ElementTree.TreeBuilder()
    parser = expat.ParserCreate(namespace_separator="}")
    parser.buffer_text = True
    stack: list[Any] = []
    done: list[Any] = []
    inside = 0

    def tag_of(text: str) -> str:
        return "{" + text if "}" in text else text

    def is_wanted(tag: str) -> bool:
        return tag in wanted or tag.rsplit("}", 1)[-1] in wanted

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal inside
        full = tag_of(tag)
        if len(stack) >= _DEPTH:
            raise _Forbidden("it is nested too deeply")
        element = ElementTree.Element(
            full, {tag_of(key): value for key, value in attributes.items()}
        )
        if stack and inside:
            stack[-1].append(element)
        stack.append(element)
        inside += is_wanted(full)

    def end(tag: str) -> None:
        nonlocal inside
        element = stack.pop()
        if is_wanted(element.tag):
            inside -= 1
            done.append(element)

    def text(data: str) -> None:
        if not stack or not inside:
            return
        parent = stack[-1]
        if len(parent):
            parent[-1].tail = (parent[-1].tail or "") + data
        else:
            parent.text = (parent.text or "") + data

    def refuse(*_: Any) -> None:
        raise _Forbidden("it declares a document type or entities")

    del builder
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = refuse
    try:
        for at in range(0, len(data), 1 << 16):
            parser.Parse(data[at : at + (1 << 16)], False)
            yield from done
            done.clear()
        parser.Parse(b"", True)
        yield from done
    except expat.ExpatError as error:
        raise InputError(f"{name} is not well-formed XML: {error}") from None
    except _Forbidden as error:
        raise InputError(f"{name} is refused: {error}") from None
