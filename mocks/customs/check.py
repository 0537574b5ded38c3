"""A CEB message against the field tables: 202205 edition, section on CEB900.

The first thing that is wrong is named, with its element and the rule; nothing of such a message is taken further.
"""

from __future__ import annotations

from collections import Counter

from lxml import etree

from mocks.customs.form import CEB, Field, Group, complaint_of
from mocks.customs.messages import MESSAGES

UNREADABLE = "-1"
NOT_BY_SCHEMA = "-2"
SCHEMA_INSTANCE = "{http://www.w3.org/2001/XMLSchema-instance}"
GUID_LENGTH = 36
LONGEST_VERSION = 10


class FormError(Exception):
    """A message that breaks the tables; `status` is the negative returnStatus, the text becomes returnInfo."""

    def __init__(self, rule: str, status: str = NOT_BY_SCHEMA) -> None:
        super().__init__(rule)
        self.status = status


def check_message(root: etree._Element, message_type: str) -> str:
    """Refuses a message that breaks its table; returns its kind, such as `CEB303`."""
    name = etree.QName(root)
    if name.localname != message_type:
        raise FormError(f"报文类型MsgType[{message_type}]与根节点[{name.localname}]不一致")
    if name.namespace != CEB:
        raise FormError(f"{name.localname}:命名空间[{name.namespace or ''}]不正确")
    kind = name.localname.removesuffix("Message")
    if kind not in MESSAGES or not name.localname.endswith("Message"):
        raise FormError(f"{name.localname}:不支持的报文类型")
    check_root_attributes(root, name.localname)
    check_parts(root, MESSAGES[kind], name.localname)
    return kind


def check_root_attributes(root: etree._Element, place: str) -> None:
    guid, version = root.get("guid"), root.get("version")
    if guid is None or version is None:
        raise FormError(f"{place}:缺少必填属性[{'guid' if guid is None else 'version'}]")
    if len(guid) != GUID_LENGTH:
        raise FormError(f"{place}@guid(系统唯一序号):长度[{len(guid)}]不等于规定长度[{GUID_LENGTH}]")
    if not 1 <= len(version) <= LONGEST_VERSION:
        raise FormError(f"{place}@version(版本号):长度[{len(version)}]超过最大长度[{LONGEST_VERSION}]")
    refuse_attributes(root, place, allowed=("guid", "version"))


def refuse_attributes(element: etree._Element, place: str, allowed: tuple[str, ...] = ()) -> None:
    for name in element.attrib:
        if str(name) not in allowed and not str(name).startswith(SCHEMA_INSTANCE):
            raise FormError(f"{place}:未定义的属性[{name!s}]")


def check_parts(element: etree._Element, group: Group, place: str) -> None:
    """The children of an element: which, how often, in which order, and then each for itself."""
    refuse_loose_text(element, place)
    children = list(element)
    check_sequence([str(child.tag) for child in children], group, place)
    by_tag = {part.tag: part for part in group.parts}
    turns: Counter[str] = Counter()
    for child in children:
        part = by_tag[str(child.tag)]
        turns[part.name] += 1
        # The turn is named only where an element may come again: that is how a clerk finds the row.
        turn = f"[{turns[part.name]}]" if part.most > 1 else ""
        check_part(child, part, f"{place}/{part.name}{turn}")


def check_part(element: etree._Element, part: Field | Group, place: str) -> None:
    if isinstance(part, Field):
        check_field(element, part, place)
    elif not part.opaque:
        refuse_attributes(element, place)
        check_parts(element, part, place)


def refuse_loose_text(element: etree._Element, place: str) -> None:
    texts = [element.text, *(child.tail for child in element)]
    if any(text and text.strip() for text in texts):
        raise FormError(f"{place}:节点之间不能有文本")


def check_sequence(tags: list[str], group: Group, place: str) -> None:
    order = {part.tag: position for position, part in enumerate(group.parts)}
    for tag in tags:
        if tag not in order:
            raise FormError(f"{place}/{etree.QName(tag).localname}:未定义的节点")
    counts = Counter(tags)
    for part in group.parts:
        named = f"{place}/{part.name}" + (f"({part.label})" if isinstance(part, Field) else "")
        if counts[part.tag] < part.least:
            raise FormError(f"{named}:必填节点缺失")
        if counts[part.tag] > part.most:
            raise FormError(f"{named}:出现次数[{counts[part.tag]}]超过最大次数[{part.most}]")
    furthest = 0
    for tag in tags:
        if order[tag] < furthest:
            raise FormError(f"{place}/{etree.QName(tag).localname}:节点顺序不正确")
        furthest = order[tag]


def check_field(element: etree._Element, field: Field, place: str) -> None:
    place = f"{place}({field.label})"
    if len(element):
        raise FormError(f"{place}:不能包含下级节点")
    refuse_attributes(element, place)
    content = element.text or field.default or field.fixed
    if field.fixed and content != field.fixed:
        raise FormError(f"{place}:内容[{content[:40]}]只能填[{field.fixed}]")
    if field.required and not content.strip():
        raise FormError(f"{place}:必填项不能为空")
    if complaint := complaint_of(field.form)(content):
        raise FormError(f"{place}:{complaint}")
